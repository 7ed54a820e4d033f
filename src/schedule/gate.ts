/**
 * Lets through as much at once as a strategy allows.
 *
 * @module
 */
import type { ConcurrencyStrategy } from "./adaptive.ts";
import type { Clock } from "../clock.ts";

/** A gate whose width follows a strategy; first come, first served. */
export class Gate {
  #strategy: ConcurrencyStrategy;
  #clock: Clock;
  #inFlight = 0;
  #waiting: (() => void)[] = [];

  /** A gate as wide as `strategy` says. */
  constructor(strategy: ConcurrencyStrategy, clock: Clock) {
    this.#strategy = strategy;
    this.#clock = clock;
  }

  /** How much is through and has not left. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Waits for a place, where there is none. */
  enter(): Promise<void> | undefined {
    if (this.#inFlight < this.#strategy.limit && this.#waiting.length === 0) {
      this.#inFlight++;
      return undefined;
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Gives a place back; `counted` where something was done in it. */
  leave(counted: boolean): void {
    this.#inFlight--;
    if (counted) this.#strategy.settled(this.#inFlight, this.#clock.monotonic());
    while (this.#waiting.length > 0 && this.#inFlight < this.#strategy.limit) {
      this.#inFlight++;
      this.#waiting.shift()?.();
    }
  }

  /** Tells the strategy that the other side refused a call for its rate. */
  refused(): void {
    this.#strategy.refused(this.#clock.monotonic());
  }
}
