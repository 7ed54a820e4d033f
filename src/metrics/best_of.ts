/**
 * Repeats reduced to the best.
 *
 * @module
 */
import type { Metric } from "../evaluation/metric.ts";
import { reducedMetric, type Repeats } from "./reduced.ts";

/**
 * A metric over items, where an item's score is the greatest of its repeats (`bestOf(accuracy())`).
 *
 * Repeats that are numbers or booleans (`true` is 1) count; an item without one is one that ended with
 * an error.
 *
 * Empty input gives what `metric` gives for it. It keeps one entry per item in memory.
 *
 * @example
 * ```ts
 * import { accuracy, bestOf } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = bestOf(accuracy()).start();
 * for (const [repeat, value] of [false, true, false].entries()) state.add(value, { key: "a", repeat });
 * assertEquals(state.result(0).value, 1);
 * ```
 */
export function bestOf(metric: Metric): Metric {
  return reducedMetric(metric, { name: "bestOf", parameters: {}, start });
}

function start(): Repeats {
  let best: boolean | number | undefined;
  return {
    add: (value) => {
      if (typeof value !== "number" && typeof value !== "boolean") return;
      if (best === undefined || Number(value) > Number(best) || Number.isNaN(value)) best = value;
    },
    addError: () => {},
    reduced: () => best,
  };
}
