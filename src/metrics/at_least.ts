/**
 * Repeats reduced to whether enough of them are right.
 *
 * @module
 */
import type { Metric } from "../evaluation/metric.ts";
import { reducedMetric, type Repeats } from "./reduced.ts";

/**
 * A metric over items, where an item's score is whether at least `k` of its repeats are right
 * (`atLeast(2, accuracy())`); right are `true` and 1.
 *
 * Empty input gives what `metric` gives for it. It keeps one entry per item in memory.
 *
 * @throws {RangeError} if `k` is no positive integer
 *
 * @example
 * ```ts
 * import { accuracy, atLeast } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = atLeast(2, accuracy()).start();
 * for (const [repeat, value] of [true, false, true].entries()) state.add(value, { key: "a", repeat });
 * assertEquals(state.result(0).value, 1);
 * ```
 */
export function atLeast(k: number, metric: Metric): Metric {
  if (!(Number.isSafeInteger(k) && k > 0)) {
    throw new RangeError(`atLeast(${k}): it must be a positive integer.`);
  }
  return reducedMetric(metric, { name: "atLeast", parameters: { k }, start: () => start(k) });
}

function start(k: number): Repeats {
  let right = 0;
  return {
    add: (value) => {
      if (value === true || value === 1) right++;
    },
    addError: () => {},
    reduced: () => right >= k,
  };
}
