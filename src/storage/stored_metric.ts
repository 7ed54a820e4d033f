/**
 * Metrics as a storage keeps them, beside the results that they are of.
 *
 * @module
 */
import type { MetricParameter, MetricValue } from "../evaluation/metric.ts";
import type { EvaluationId } from "./stored_evaluation.ts";

/** A metric's definition for one score. */
export interface MetricDefinition {
  /** The score's name. */
  readonly score: string;
  /** The metric's name. */
  readonly metric: string;
  /** What the metric was made with. */
  readonly parameters: Readonly<Record<string, MetricParameter>>;
}

/** Metrics of the scores of one evaluation. */
export interface EvaluationMetrics {
  /** The evaluation that they belong to. */
  readonly evaluation: EvaluationId;
  /** What aggregates its scores. */
  readonly metrics: readonly MetricDefinition[];
}

/** A metric's definition, and its value where one was stored. */
export interface StoredMetric extends MetricDefinition {
  /** `undefined` until a session that computed it came to its end. */
  readonly computed:
    | (MetricValue & {
      /** How many results it covers. */
      readonly results: number;
      /** The evaluation's revision that it covers. */
      readonly revision: number;
    })
    | undefined;
}

/** What values of metrics cover. */
export interface MetricsAsOf {
  /** How many results. */
  readonly results: number;
  /** Up to which revision of the evaluation. */
  readonly revision: number;
}
