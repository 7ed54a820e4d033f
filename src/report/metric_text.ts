/**
 * Metrics as people read them.
 *
 * @module
 */
import type { ReportedMetric } from "./experiment_report.ts";
import { countText, estimateText } from "./numbers.ts";

/** The name of a metric with that of its score: `exactMatch.accuracy`. */
export function metricTitle(
  { score, metric }: Pick<ReportedMetric, "score" | "metric">,
): string {
  return `${score}.${metric}`;
}

/** The value, in parentheses the 95% interval that it lies in, and what it covers where that is not all. */
export function metricText({ value, interval, asOf }: ReportedMetric): string {
  const text = estimateText(value, interval);
  return asOf ? `${text} as of ${countText(asOf.results)} of ${countText(asOf.of)}` : text;
}
