/**
 * The score in the middle.
 *
 * @module
 */
import type { Metric } from "../evaluation/metric.ts";
import { numberMetric } from "./number_metric.ts";
import { quantileState } from "./quantile.ts";

/**
 * The median of scores: half of them are below it. It keeps all values in memory, 8 bytes each. Scores that are numbers or booleans (`true` is 1) count; texts, records and items that
 * ended with an error do not.
 *
 * The value is `null` where there is none, or where it is not finite.
 *
 * @example
 * ```ts
 * import { median } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = median().start();
 * for (const value of [5, 1, 2]) state.add(value);
 * assertEquals(state.result(0).value, 2);
 * ```
 */
export function median(): Metric {
  return numberMetric("median", () => quantileState(0.5));
}
