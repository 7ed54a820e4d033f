/**
 * Metrics over what is stored.
 *
 * @module
 */
import type { Metric, MetricState, ScoredItem } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import type { Storage } from "../storage/storage.ts";
import type { EvaluationId } from "../storage/stored_evaluation.ts";
import type { Pauses } from "./pauses.ts";

/** Whose scores metrics are over. */
export interface ScoresOf {
  readonly evaluation: EvaluationId;
  readonly score: string;
  readonly pauses: Pauses;
}

/** A metric's state over all scores, or what it threw on its way there. */
export type StateOver = { readonly state: MetricState } | { readonly error: unknown };

/** So many scores between two looks at the clock. */
const SCORES = 100;

/** The states of metrics over all stored scores of a name, which are read once for all of them. */
export async function statesOver(
  metrics: readonly Metric[],
  storage: Pick<Storage, "scoreValues" | "scoredItems">,
  { evaluation, score, pauses }: ScoresOf,
): Promise<readonly StateOver[]> {
  const all = metrics.map((metric) => new Taking(metric));
  const needs = new Set(metrics.map((metric) => metric.needs));
  let taken = 0;
  for await (
    const { value, item } of needs.has("row") || needs.has("item")
      ? storage.scoredItems(evaluation, score, { rows: needs.has("row") })
      : valuesOf(storage.scoreValues(evaluation, score))
  ) {
    for (const each of all) each.take(value, item);
    if (++taken % SCORES === 0 && pauses.isDue) await pauses.pause();
  }
  return all.map((each) => each.end());
}

async function* valuesOf(
  values: AsyncIterable<ScoreValue>,
): AsyncGenerator<{ readonly value: ScoreValue; readonly item?: ScoredItem }> {
  for await (const value of values) yield { value };
}

/** One metric, which may be the user's code: what it throws is its own. */
class Taking {
  readonly #needs: Metric["needs"];
  #result: StateOver;

  constructor({ start, needs }: Metric) {
    this.#needs = needs;
    try {
      this.#result = { state: start() };
    } catch (error) {
      this.#result = { error };
    }
  }

  /** A score, or an item that ended with an error. */
  take(value: ScoreValue | undefined, item: ScoredItem | undefined): void {
    if ("error" in this.#result) return;
    const { state } = this.#result;
    try {
      if (this.#needs === undefined) {
        if (value !== undefined) state.add(value);
      } else if (value !== undefined) state.add(value, item);
      else if (item !== undefined) state.addError?.(item);
    } catch (error) {
      this.#result = { error };
    }
  }

  end(): StateOver {
    return this.#result;
  }
}
