/**
 * Metrics over what is stored.
 *
 * @module
 */
import type { Metric, MetricState } from "../evaluation/metric.ts";
import type { EvaluationId, Storage } from "../storage/storage.ts";

/** Whose scores a metric is over. */
export interface ScoresOf {
  readonly evaluation: EvaluationId;
  readonly score: string;
}

/** A metric's state over all stored scores of a name, read page by page. */
export async function stateOver(
  { start, needs }: Metric,
  storage: Pick<Storage, "scoreValues" | "scoredItems">,
  { evaluation, score }: ScoresOf,
): Promise<MetricState> {
  const state = start();
  if (needs === undefined) {
    for await (const value of storage.scoreValues(evaluation, score)) state.add(value);
    return state;
  }
  const outcomes = storage.scoredItems(evaluation, score, { rows: needs === "row" });
  for await (const { item, value } of outcomes) {
    if (value === undefined) state.addError?.(item);
    else state.add(value, item);
  }
  return state;
}
