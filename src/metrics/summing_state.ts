/**
 * Aggregation by running sums.
 *
 * @module
 */
import type { MetricState, MetricValue, ScoreAggregate } from "../evaluation/metric.ts";

/** A metric's state for one that needs running sums only: the same sums that storage computes. */
export function summingState(compute: (aggregate: ScoreAggregate) => MetricValue): MetricState {
  let count = 0;
  let sum = 0;
  let numeric = 0;
  return {
    add(value) {
      count++;
      if (typeof value !== "number" && typeof value !== "boolean") return;
      sum += Number(value);
      numeric++;
    },
    result: (errors) => compute({ count, sum, numeric, errors }),
  };
}
