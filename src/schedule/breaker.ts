/**
 * Leaves an endpoint alone while it is down.
 *
 * @module
 */

/** So many failures in a row, with nothing else between them, mean that the endpoint is down. */
const LEAST = 3;
const MOST = 10;

/** The first pause, in milliseconds; each further one is twice as long. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** What a breaker tells. */
export interface BreakerOptions {
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** The endpoint is taken for down. */
  readonly onDown?: (error: unknown) => void;
  /** It answers again, after so many milliseconds. */
  readonly onUp?: (downMs: number) => void;
}

/** Lets calls through; while the endpoint is down, one from time to time. */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  /** When the first of the failures in a row came. */
  #failingSince = 0;
  #downSince: number | undefined;
  #nextAt = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #isProbing = false;
  /** Calls that began before this say nothing new. */
  #closedAt = -Infinity;

  /** Closed at first: all is let through. */
  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** Since when the endpoint has been down. */
  get downSince(): number | undefined {
    return this.#downSince;
  }

  /** Milliseconds until a call may be sent; `undefined` while one finds out. */
  wait(now: number): number | undefined {
    if (this.#downSince === undefined) return Math.max(0, this.#nextAt - now);
    return this.#isProbing ? undefined : Math.max(0, this.#nextAt - now);
  }

  /** Whether calls are left to wait at this time, for an outage or because it was asked for. */
  isAway(now: number): boolean {
    return this.#downSince !== undefined || this.#nextAt > now;
  }

  /** Counts a call that is sent; says whether it is to find out if the endpoint is up again. */
  send(): boolean {
    this.#isProbing = this.#downSince !== undefined;
    return this.#isProbing;
  }

  /**
   * The endpoint answered: it is up, whatever it said. A call that was sent before it began to fail
   * shows nothing.
   */
  answered(now: number, startedAt: number): void {
    if (this.#failures > 0 && startedAt < this.#failingSince) return;
    this.#failures = 0;
    if (this.#downSince === undefined) return;
    const downMs = now - this.#downSince;
    this.#downSince = undefined;
    this.#isProbing = false;
    this.#nextAt = now;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#closedAt = now;
    this.#options.onUp?.(downMs);
  }

  /** A call that was sent at `startedAt` failed, with `limit` allowed at once. */
  failed(error: unknown, call: FailedCall): void {
    const { isProbe, startedAt, now, limit } = call;
    if (this.#downSince !== undefined) {
      if (!isProbe) return;
      this.#isProbing = false;
      return this.#pause(call);
    }
    if (startedAt < this.#closedAt) return;
    if (this.#failures++ === 0) this.#failingSince = now;
    if (this.#failures < Math.min(MOST, Math.max(LEAST, limit))) return;
    this.#downSince = now;
    this.#pause(call);
    this.#options.onDown?.(error);
  }

  /** A call that was to find out came to no end of its own. */
  abandoned(isProbe: boolean): void {
    if (isProbe) this.#isProbing = false;
  }

  /** The endpoint asked to be left alone for so many milliseconds. */
  hold(milliseconds: number, now: number): void {
    this.#nextAt = Math.max(this.#nextAt, now + milliseconds);
  }

  #pause({ now, retryAfterMs }: FailedCall): void {
    // Half of it at random: others who lost the same endpoint do not come back together.
    const pause = this.#pauseMs * (0.5 + this.#options.random() / 2);
    this.#nextAt = now + Math.max(pause, retryAfterMs ?? 0);
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }
}

/** A call that failed. */
export interface FailedCall {
  readonly isProbe: boolean;
  readonly startedAt: number;
  readonly now: number;
  /** How many calls are allowed at once. */
  readonly limit: number;
  /** Milliseconds that the endpoint asked to be left alone for. */
  readonly retryAfterMs: number | undefined;
}
