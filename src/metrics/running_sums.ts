/**
 * Running sums over the scores of one name.
 *
 * @module
 */
import type { ScoreAggregate } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";

/** The sums that storage also computes with SQL, score by score. */
export class RunningSums {
  #count: number;
  #sum: number;
  #numeric: number;

  /** Goes on from sums over earlier scores, or starts from nothing. */
  constructor(before: Omit<ScoreAggregate, "errors"> = { count: 0, sum: 0, numeric: 0 }) {
    this.#count = before.count;
    this.#sum = before.sum;
    this.#numeric = before.numeric;
  }

  /** Takes in one score's value. */
  add(value: ScoreValue): void {
    this.#count++;
    if (typeof value !== "number" && typeof value !== "boolean") return;
    this.#sum += Number(value);
    this.#numeric++;
  }

  /** The sums now, `errors` items having ended with an error. */
  aggregate(errors: number): ScoreAggregate {
    return { count: this.#count, sum: this.#sum, numeric: this.#numeric, errors };
  }
}
