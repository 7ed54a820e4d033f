/**
 * Precision, recall and F1 have the same options and the same averages.
 *
 * @module
 */
import { METRIC, type Metric, type MetricParameter } from "../evaluation/metric.ts";
import { type Label, LabelCounts, type LabelHits } from "./label_counts.ts";

/** Options of `precision`, `recall` and `f1`. */
export interface LabelOptions {
  /**
   * `binary`: of the label `positive`; `micro`: over all labels' counts together; `macro`: the mean
   * over labels, rare ones with the same weight.
   *
   * @default {"binary"}
   */
  readonly average?: "binary" | "micro" | "macro";
  /**
   * The label that `binary` looks at.
   *
   * @default {true}
   */
  readonly positive?: Label;
}

/** A metric over records `{ predicted, expected }`; `share` computes it from one label's counts. */
export function labelShare(
  name: string,
  share: (hits: Omit<LabelHits, "label">) => number,
  options: LabelOptions,
): Metric {
  const { average = "binary", positive = true } = options;
  if (!["binary", "micro", "macro"].includes(average)) {
    throw new RangeError(`${name}(): average is "${average}", and must be binary, micro or macro.`);
  }
  // 0 / 0 is 0, as scikit-learn has it.
  const of = (hits: Omit<LabelHits, "label">) => share(hits) || 0;
  return {
    [METRIC]: 1,
    name,
    parameters: average === "binary" ? { average, positive } : { average },
    start: () => {
      const counts = new LabelCounts();
      return {
        add: (value) => counts.add(value),
        result: () => {
          if (counts.isEmpty) return { value: null };
          if (average === "binary") return { value: of(counts.hits(positive)) };
          const all = counts.labels().map((label) => counts.hits(label));
          const details: MetricParameter = all.map((hits) => ({
            label: hits.label,
            value: of(hits),
          }));
          return { value: average === "micro" ? of(total(all)) : meanOf(all.map(of)), details };
        },
      };
    },
  };
}

function total(all: readonly LabelHits[]): Omit<LabelHits, "label"> {
  return all.reduce((sum, hits) => ({
    label: "",
    truePositives: sum.truePositives + hits.truePositives,
    falsePositives: sum.falsePositives + hits.falsePositives,
    falseNegatives: sum.falseNegatives + hits.falseNegatives,
  }));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
