/**
 * The least score.
 *
 * @module
 */
import type { Metric } from "../evaluation/metric.ts";
import { numberMetric } from "./number_metric.ts";

/**
 * The least of scores. Scores that are numbers or booleans (`true` is 1) count; texts, records and items that
 * ended with an error do not.
 *
 * The value is `null` where there is none, or where it is not finite.
 *
 * @example
 * ```ts
 * import { min } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = min().start();
 * for (const value of [3, 1, 2]) state.add(value);
 * assertEquals(state.result(0).value, 1);
 * ```
 */
export function min(): Metric {
  return numberMetric("min", () => {
    let least: number | undefined;
    return {
      add: (value) => {
        least = least === undefined ? value : Math.min(least, value);
      },
      result: () => least,
    };
  });
}
