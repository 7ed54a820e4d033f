/**
 * Metrics as people read them.
 *
 * @module
 */
import type { ReportedMetric } from "./experiment_report.ts";
import { countText, intervalText, valueText } from "./numbers.ts";

/** The name of a metric with that of its score: `exactMatch.accuracy`. */
export function metricTitle({ score, metric }: ReportedMetric): string {
  return `${score}.${metric}`;
}

/** The value, in parentheses the 95% interval that it lies in, and what it covers where that is not all. */
export function metricText({ value, interval, asOf }: ReportedMetric): string {
  const text = value === null || !interval
    ? valueText(value)
    : `${valueText(value)} (${intervalText(interval)})`;
  return asOf ? `${text} as of ${countText(asOf.results)} of ${countText(asOf.of)}` : text;
}
