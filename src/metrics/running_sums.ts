/**
 * Running sums over the scores of one name.
 *
 * @module
 */
import type { ScoreAggregate } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";

const NOTHING: Omit<ScoreAggregate, "errors"> = {
  count: 0,
  sum: 0,
  numeric: 0,
  booleans: 0,
  squares: 0,
  repeats: 1,
};

/** The sums that storage also computes with SQL, score by score. */
export class RunningSums {
  #count: number;
  #sum: number;
  #numeric: number;
  #booleans: number;
  #squares: number;
  #repeats: number;

  /** Goes on from sums over earlier scores, or starts from nothing. */
  constructor(before: Omit<ScoreAggregate, "errors"> = NOTHING) {
    this.#count = before.count;
    this.#sum = before.sum;
    this.#numeric = before.numeric;
    this.#booleans = before.booleans;
    this.#squares = before.squares;
    this.#repeats = before.repeats;
  }

  /** Takes in one score's value, of a repeat from 0. */
  add(value: ScoreValue, repeat = 0): void {
    this.#count++;
    if (repeat >= this.#repeats) this.#repeats = repeat + 1;
    if (typeof value === "boolean") this.#booleans++;
    else if (typeof value !== "number") return;
    const number = Number(value);
    this.#sum += number;
    this.#squares += number * number;
    this.#numeric++;
  }

  /** The sums now, `errors` items having ended with an error. */
  aggregate(errors: number): ScoreAggregate {
    return {
      count: this.#count,
      sum: this.#sum,
      numeric: this.#numeric,
      booleans: this.#booleans,
      squares: this.#squares,
      repeats: this.#repeats,
      errors,
    };
  }
}
