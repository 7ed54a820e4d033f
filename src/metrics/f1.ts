/**
 * Precision and recall in one number.
 *
 * @module
 */
import type { Metric } from "../evaluation/metric.ts";
import { type LabelOptions, labelShare } from "./label_share.ts";

/**
 * The harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn). Scores are records
 * `{ predicted, expected }` of booleans, numbers or texts; others do not count, nor do items that ended
 * with an error.
 *
 * It is of the label `positive`, or with `average: "micro"` or `"macro"` over all labels; `details` then
 * has each label's. The value is `null` where there is no such score; where a share is 0 by 0, it is 0.
 *
 * @throws {RangeError} if `average` is none of these
 *
 * @example
 * ```ts
 * import { f1 } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = f1({ positive: "spam" }).start();
 * state.add({ predicted: "spam", expected: "spam" });
 * state.add({ predicted: "spam", expected: "spam" });
 * state.add({ predicted: "spam", expected: "mail" });
 * assertEquals(state.result(0).value, 0.8);
 * ```
 */
export function f1(options: LabelOptions = {}): Metric {
  return labelShare(
    "f1",
    ({ truePositives, falsePositives, falseNegatives }) =>
      2 * truePositives / (2 * truePositives + falsePositives + falseNegatives),
    options,
  );
}
