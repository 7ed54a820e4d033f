/**
 * How late the event loop is.
 *
 * @module
 */
import type { Clock } from "../clock.ts";

/** Milliseconds between two looks: a shorter hold may pass unseen. */
const STEP_MS = 20;

/**
 * Looks how late timers are, until it is disposed.
 *
 * While something computes without a pause, answers that have come are not seen: what held the event
 * loop then reads as a slow model.
 */
export class LoopLag implements Disposable {
  readonly #clock: Clock;
  #longest = 0;
  #stop: (() => void) | undefined;

  /** Begins to look. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#look(clock.monotonic() + STEP_MS);
  }

  /** Milliseconds that the event loop was held at the most. */
  get longest(): number {
    return this.#longest;
  }

  [Symbol.dispose](): void {
    this.#stop?.();
  }

  #look(due: number): void {
    this.#stop = this.#clock.after(STEP_MS, () => {
      const now = this.#clock.monotonic();
      this.#longest = Math.max(this.#longest, now - due);
      this.#look(now + STEP_MS);
    });
  }
}
