/**
 * What metrics are called where they are shown.
 *
 * @module
 */
import type { MetricParameter } from "../evaluation/metric.ts";

/** A metric of a score, with what it was made with. */
export interface LabelledMetric {
  readonly score: string;
  readonly metric: string;
  readonly parameters: Readonly<Record<string, MetricParameter>>;
}

/** Two metrics of one name differ in their parameters: then these are part of what they are called. */
export function metricLabel(one: LabelledMetric, all: readonly LabelledMetric[]): string {
  const { score, metric, parameters } = one;
  const namesakes = all.filter((other) => other.score === score && other.metric === metric);
  if (namesakes.length < 2) return metric;
  const parts = Object.entries(parameters).map(([name, value]) =>
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`
  );
  return `${metric}(${parts.join(", ")})`;
}
