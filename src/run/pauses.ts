/**
 * Long computations that let others have their turn of the event loop.
 *
 * @module
 */
import { type Clock, turn } from "../clock.ts";

/** Milliseconds of work between two pauses. */
const WORK = 8;

/** Pauses where enough was done since the last one. */
export class Pauses {
  readonly #clock: Clock;
  #last: number;

  /** Nothing was done yet. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#last = clock.monotonic();
  }

  /** Whether it is time for one. */
  get isDue(): boolean {
    return this.#clock.monotonic() - this.#last >= WORK;
  }

  /** Lets others have their turn. */
  async pause(): Promise<void> {
    await turn(this.#clock);
    this.#last = this.#clock.monotonic();
  }

  /** Does a computation in steps, with pauses between them. */
  async within<Value>(steps: Generator<void, Value>): Promise<Value> {
    while (true) {
      const { done, value } = steps.next();
      if (done) return value;
      if (this.isDue) await this.pause();
    }
  }
}
