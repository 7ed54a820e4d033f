/**
 * Which labels are taken for which.
 *
 * @module
 */
import { METRIC, type Metric } from "../evaluation/metric.ts";
import { LabelCounts } from "./label_counts.ts";

/**
 * How often each label was predicted where each was expected: `details` is `{ labels, counts }`, where
 * `counts[i][j]` says how often label j was predicted and label i expected. Scores are records
 * `{ predicted, expected }` of booleans, numbers or texts; others do not count, nor do items that ended
 * with an error.
 *
 * The value is the share on the diagonal, and `null` where there is no such score.
 *
 * @example
 * ```ts
 * import { confusionMatrix } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = confusionMatrix().start();
 * state.add({ predicted: "cat", expected: "cat" });
 * state.add({ predicted: "dog", expected: "cat" });
 * const { value, details } = state.result(0);
 * assertEquals(value, 0.5);
 * assertEquals(details, { labels: ["cat", "dog"], counts: [[1, 1], [0, 0]] });
 * ```
 */
export function confusionMatrix(): Metric {
  return {
    [METRIC]: 1,
    name: "confusionMatrix",
    parameters: {},
    start: () => {
      const table = new LabelCounts();
      return {
        add: (value) => table.add(value),
        result: () => {
          if (table.isEmpty) return { value: null };
          const labels = table.labels();
          const counts = labels.map((expected) =>
            labels.map((predicted) => table.count(expected, predicted))
          );
          const right = counts.reduce((sum, row, place) => sum + (row[place] ?? 0), 0);
          const all = counts.flat().reduce((sum, count) => sum + count, 0);
          return { value: right / all, details: { labels, counts } };
        },
      };
    },
  };
}
