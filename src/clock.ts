/**
 * Time, as everything inside sees it, so that tests can pass a fake.
 *
 * @module
 */

import { setImmediate } from "node:timers";

/** Reads and waits for time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that never go back, from an arbitrary start. */
  monotonic(): number;
  /** Runs `callback` after so many milliseconds; returns what undoes it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** A longer timer of the runtime fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(milliseconds, callback) {
    let left = milliseconds;
    let timer: ReturnType<typeof setTimeout>;
    function next(): void {
      const step = Math.min(left, LONGEST_TIMER_MS);
      left -= step;
      timer = setTimeout(left > 0 ? next : callback, step);
    }
    next();
    return () => clearTimeout(timer);
  },
};

/**
 * Waits so many milliseconds by a clock.
 *
 * @throws the signal's reason as soon as it aborts
 */
export function wait(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = clock.after(milliseconds, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    function onAbort() {
      stop();
      reject(signal.reason);
    }
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** Gives everything else that is due its turn of the event loop; a timer takes a millisecond. */
export function turn(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.after(0, resolve);
  });
}

/** One turn of the event loop, at once: what takes several turns has not come far after it. */
export function quickTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
