/**
 * Quantiles of scores.
 *
 * @module
 */
import { METRIC, type Metric } from "../evaluation/metric.ts";
import { quantileOf } from "../stats/quantile.ts";
import { sorted, withoutPause } from "../stats/sorted.ts";
import { type NumberState, numberState } from "./number_metric.ts";

/**
 * The score that a share `q` of the scores stay below (`quantile(0.9)`), interpolated between
 * neighbours as R and NumPy do (type 7 of Hyndman and Fan 1996). Scores that are numbers or booleans
 * (`true` is 1) count; texts, records and items that ended with an error do not.
 *
 * The value is `null` where there is none, or where it is not finite. It keeps all values in memory,
 * 8 bytes each.
 *
 * @throws {RangeError} if `q` does not lie between 0 and 1
 *
 * @example
 * ```ts
 * import { quantile } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = quantile(0.75).start();
 * for (const value of [4, 2, 1, 3]) state.add(value);
 * assertEquals(state.result(0).value, 3.25);
 * ```
 */
export function quantile(q: number): Metric {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`quantile(${q}): it must lie between 0 and 1.`);
  return {
    [METRIC]: 1,
    name: "quantile",
    parameters: { q },
    start: () => numberState(quantileState(q)),
  };
}

/** Keeps all numbers for their quantile. */
export function quantileState(q: number): NumberState {
  const values: number[] = [];
  function* steps(): Generator<void, number | undefined> {
    const inOrder = yield* sorted(new Float64Array(values));
    // A NaN has no place in an order; it is the last one.
    return Number.isNaN(inOrder.at(-1)) ? NaN : quantileOf(inOrder, q);
  }
  return {
    add: (value) => {
      values.push(value);
    },
    result: () => withoutPause(steps()),
    steps,
  };
}
