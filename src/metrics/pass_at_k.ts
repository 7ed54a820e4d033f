/**
 * How likely one of several tries is right.
 *
 * @module
 */
import { METRIC, type Metric, type MetricState, type MetricValue } from "../evaluation/metric.ts";
import { withoutPause } from "../stats/sorted.ts";

/**
 * The probability that at least one of `k` tries at an item is right, over its repeats: the mean over
 * items of 1 − C(n − c, k) / C(n, k), with n repeats of which c are right (Chen et al. 2021, "Evaluating
 * Large Language Models Trained on Code", arXiv:2107.03374, equation 1).
 *
 * A repeat is right where its score is `true` or 1; one that ended with an error is wrong. Items with
 * fewer than `k` repeats are left out; `details` says how many items count. The value is `null` where
 * none does.
 *
 * @throws {RangeError} if `k` is no positive integer
 *
 * @example
 * ```ts
 * import { passAtK } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = passAtK(2).start();
 * for (const [repeat, value] of [true, false, false, false].entries()) {
 *   state.add(value, { key: "a", repeat });
 * }
 * assertEquals(state.result(0).value, 0.5); // 1 − C(3, 2) / C(4, 2)
 * ```
 */
export function passAtK(k: number): Metric {
  if (!(Number.isSafeInteger(k) && k > 0)) {
    throw new RangeError(`passAtK(${k}): it must be a positive integer.`);
  }
  return {
    [METRIC]: 1,
    name: "passAtK",
    parameters: { k },
    needs: "item",
    start: () => startCounts(k),
  };
}

/** So many items are gone through within a few milliseconds. */
const ITEMS = 20_000;

interface Tries {
  readonly count: number;
  readonly right: number;
}

function startCounts(k: number): MetricState {
  const items = new Map<string, Tries>();
  let alone = 0;
  const add = (key: string, isRight: boolean) => {
    const { count, right } = items.get(key) ?? { count: 0, right: 0 };
    items.set(key, { count: count + 1, right: right + Number(isRight) });
  };
  function* steps(): Generator<void, MetricValue> {
    let sum = 0;
    let counted = 0;
    let passed = 0;
    for (const tries of items.values()) {
      if (++passed % ITEMS === 0) yield;
      if (tries.count < k) continue;
      sum += passing(tries, k);
      counted++;
    }
    const details = { items: counted, leftOut: items.size - counted };
    return { value: counted === 0 ? null : sum / counted, details };
  }
  return {
    add: (value, item) => add(item?.key ?? `alone ${alone++}`, value === true || value === 1),
    addError: ({ key }) => add(key, false),
    result: () => withoutPause(steps()),
    steps,
  };
}

/** 1 − C(n − c, k) / C(n, k), as a product that stays small. */
function passing({ count, right }: Tries, k: number): number {
  if (count - right < k) return 1;
  let failing = 1;
  for (let n = count - right + 1; n <= count; n++) failing *= 1 - k / n;
  return 1 - failing;
}
