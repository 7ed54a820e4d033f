/**
 * How often a label was found where it was expected.
 *
 * @module
 */
import type { Metric } from "../evaluation/metric.ts";
import { type LabelOptions, labelShare } from "./label_share.ts";

/**
 * The share of items with a label for which it is predicted: tp / (tp + fn). Scores are records
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
 * import { recall } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = recall({ positive: "spam" }).start();
 * state.add({ predicted: "spam", expected: "spam" });
 * state.add({ predicted: "spam", expected: "spam" });
 * state.add({ predicted: "spam", expected: "mail" });
 * assertEquals(state.result(0).value, 1);
 * ```
 */
export function recall(options: LabelOptions = {}): Metric {
  return labelShare(
    "recall",
    ({ truePositives, falseNegatives }) => truePositives / (truePositives + falseNegatives),
    options,
  );
}
