/**
 * How far scores are spread.
 *
 * @module
 */
import type { Metric } from "../evaluation/metric.ts";
import { Moments } from "../stats/moments.ts";
import { numberMetric } from "./number_metric.ts";

/**
 * The sample standard deviation of scores, with n − 1 below the root. Scores that are numbers or booleans (`true` is 1) count; texts, records and items that
 * ended with an error do not.
 *
 * The value is `null` for fewer than two, or where it is not finite.
 *
 * @example
 * ```ts
 * import { standardDeviation } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = standardDeviation().start();
 * for (const value of [2, 4, 4, 4, 5, 5, 7, 9]) state.add(value);
 * assertEquals(state.result(0).value, Math.sqrt(32 / 7));
 * ```
 */
export function standardDeviation(): Metric {
  return numberMetric("standardDeviation", () => {
    const moments = new Moments();
    return {
      add: (value) => moments.add(value),
      result: () => moments.variance === undefined ? undefined : Math.sqrt(moments.variance),
    };
  });
}
