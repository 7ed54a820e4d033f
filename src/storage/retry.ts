/**
 * Calls of a remote database that are made again when it was busy or could not be reached.
 *
 * @module
 */
import { type Clock, wait } from "../clock.ts";
import { DotevalsError } from "../errors.ts";
import type { Reach } from "./reach.ts";

/** Waits between attempts start at so many milliseconds, and double. */
const FIRST_WAIT = 50;

/** The longest wait between attempts, in milliseconds. */
const LONGEST_WAIT = 2_000;

/** No attempt counts for more than so many milliseconds: the machine may have slept. */
const LONGEST_ATTEMPT = 30_000;

/** What {@linkcode Retry} needs of the world. */
export interface RetryOptions {
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  readonly reach: Reach;
  /** For how many milliseconds, waits and attempts together, a call is tried. */
  readonly patienceMs: number;
}

/** Makes calls until they succeed, fail for good, or have been tried for long enough. */
export class Retry {
  readonly #options: RetryOptions;

  /** Makes no call yet. */
  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /**
   * Makes a call that may be made twice: its outcome can be unknown.
   *
   * @throws the last error of `call`; the signal's reason while waiting
   */
  async call<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { clock, random, patienceMs } = this.#options;
    let spent = 0;
    for (let failures = 0;; failures++) {
      const start = clock.monotonic();
      try {
        return await this.once(call);
      } catch (error) {
        const pause = pauseAfter(failures, random);
        spent += attemptTime(clock.monotonic() - start) + pause;
        if (!isPassing(error) || spent > patienceMs) throw error;
        await wait(clock, pause, signal);
      }
    }
  }

  /** Makes a call a single time, and notes whether the database answered. */
  async once<T>(call: () => Promise<T>): Promise<T> {
    const { clock, reach } = this.#options;
    const start = clock.monotonic();
    try {
      const result = await call();
      reach.met();
      return result;
    } catch (error) {
      if (isPassing(error)) reach.missed(error, start);
      else reach.met();
      throw error;
    }
  }
}

/** Whether an error may be gone when the same is tried again. */
export function isPassing(error: unknown): error is DotevalsError {
  return error instanceof DotevalsError &&
    (error.code === "storage-unreachable" || error.code === "storage-busy");
}

/** How long to wait after so many failures before this one, in milliseconds; half of it is chance. */
export function pauseAfter(failures: number, random: () => number): number {
  const longest = Math.min(FIRST_WAIT * 2 ** Math.min(failures, 30), LONGEST_WAIT);
  return longest * (0.5 + random() / 2);
}

/** What an attempt that took so many milliseconds takes from the patience. */
export function attemptTime(milliseconds: number): number {
  return Math.min(milliseconds, LONGEST_ATTEMPT);
}
