/**
 * Repeats reduced to their mean.
 *
 * @module
 */
import type { Metric } from "../evaluation/metric.ts";
import { numberOf } from "./number_of.ts";
import { reducedMetric, type Repeats } from "./reduced.ts";

/**
 * A metric over items, where an item's score is the mean of its repeats (`meanOf(standardError())`).
 *
 * Repeats that are numbers or booleans (`true` is 1) count. One that ended with an error counts 0 where
 * the others are booleans, and not at all where they are numbers; an item without a repeat that counts
 * is one that ended with an error.
 *
 * Empty input gives what `metric` gives for it. It keeps one entry per item in memory.
 *
 * @example
 * ```ts
 * import { max, meanOf } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = meanOf(max()).start();
 * for (const [repeat, value] of [true, false, true, true].entries()) state.add(value, { key: "a", repeat });
 * assertEquals(state.result(0).value, 0.75);
 * ```
 */
export function meanOf(metric: Metric): Metric {
  return reducedMetric(metric, { name: "meanOf", parameters: {}, start });
}

function start(): Repeats {
  let sum = 0;
  let count = 0;
  let errors = 0;
  let isShare = true;
  return {
    add: (value) => {
      const number = numberOf(value);
      if (number === undefined) return void errors++;
      if (typeof value !== "boolean") isShare = false;
      sum += number;
      count++;
    },
    addError: () => void errors++,
    reduced: () => count === 0 ? undefined : sum / (count + (isShare ? errors : 0)),
  };
}
