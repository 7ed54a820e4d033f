/**
 * The greatest score.
 *
 * @module
 */
import type { Metric } from "../evaluation/metric.ts";
import { numberMetric } from "./number_metric.ts";

/**
 * The greatest of scores. Scores that are numbers or booleans (`true` is 1) count; texts, records and items that
 * ended with an error do not.
 *
 * The value is `null` where there is none, or where it is not finite.
 *
 * @example
 * ```ts
 * import { max } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = max().start();
 * for (const value of [3, 1, 2]) state.add(value);
 * assertEquals(state.result(0).value, 3);
 * ```
 */
export function max(): Metric {
  return numberMetric("max", () => {
    let greatest: number | undefined;
    return {
      add: (value) => {
        greatest = greatest === undefined ? value : Math.max(greatest, value);
      },
      result: () => greatest,
    };
  });
}
