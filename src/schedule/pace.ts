/**
 * Lets the event loop turn while much is started.
 *
 * @module
 */
import type { Clock } from "../clock.ts";

/** A turn that takes longer than this, in milliseconds, is followed by one with fewer starts. */
const LONG_MS = 16;

/** A turn that takes less than this, in milliseconds, may be followed by one with more. */
const SHORT_MS = 8;

const FIRST = 64;

/** So few starts within {@linkcode SHORT_MS} are no burst, and not worth a timer. */
const FEW = 8;
const MOST = 4096;

/**
 * Bounds how much is started in one turn of the event loop, so that what has come back is seen
 * and stored before more is started.
 *
 * Without it, a thousand answers that arrive together start the next thousand calls one by one,
 * and no timer and no message gets a turn before the last of them has started.
 */
export class Pace {
  readonly #clock: Clock;
  #allowed = FIRST;
  #started = 0;
  #turnStart: number | undefined;
  #fewSince = -Infinity;
  #few = 0;
  #held: (() => void)[] = [];

  /** Measures turns by `clock`. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits, where enough was started in this turn. */
  start(): Promise<void> | undefined {
    if (this.#turnStart === undefined) {
      if (this.#areFew()) return undefined;
      this.#openTurn();
      this.#started = this.#few;
    }
    if (this.#started < this.#allowed) {
      this.#started++;
      return undefined;
    }
    return new Promise((resolve) => {
      this.#held.push(resolve);
    });
  }

  #areFew(): boolean {
    const now = this.#clock.monotonic();
    if (now - this.#fewSince > SHORT_MS) {
      this.#fewSince = now;
      this.#few = 0;
    }
    if (this.#few >= FEW || this.#few >= this.#allowed) return false;
    this.#few++;
    return true;
  }

  #openTurn(): void {
    this.#started = 0;
    this.#turnStart = this.#clock.monotonic();
    this.#clock.after(0, () => this.#endTurn(this.#turnStart ?? 0));
  }

  #endTurn(start: number): void {
    const took = this.#clock.monotonic() - start;
    if (took > LONG_MS) this.#allowed = Math.max(1, this.#allowed >> 1);
    else if (took < SHORT_MS && this.#started === this.#allowed) {
      this.#allowed = Math.min(MOST, this.#allowed * 2);
    }
    this.#turnStart = undefined;
    if (this.#held.length === 0) return;
    this.#openTurn();
    const next = this.#held.splice(0, this.#allowed);
    this.#started = next.length;
    for (const resolve of next) resolve();
  }
}
