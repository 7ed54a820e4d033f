/**
 * Metrics for which running sums suffice.
 *
 * @module
 */
import type { MetricState, MetricValue, ScoreAggregate } from "../evaluation/metric.ts";
import { RunningSums } from "./running_sums.ts";

/** The state of a metric that needs running sums only. */
export function summingState(compute: (aggregate: ScoreAggregate) => MetricValue): MetricState {
  const sums = new RunningSums();
  return {
    add: (value) => sums.add(value),
    result: (errors) => compute(sums.aggregate(errors)),
  };
}
