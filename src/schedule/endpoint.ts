/**
 * What all calls of one endpoint have in common: its allowances, and whether it is up.
 *
 * @module
 */
import { Breaker, type BreakerOptions } from "./breaker.ts";
import { type Cost, Quota, type QuotaReading, type Spent } from "./quota.ts";
import type { CallOutcome } from "./strategy.ts";

/** What an endpoint may ask to wait for, in milliseconds; whoever calls it hears of more at once. */
export const LONGEST_REST_MS = 3_600_000;

/** What came of a call, as far as the endpoint is concerned. */
export interface CallEnd {
  /** `stopped` where nobody waited for the answer any more. */
  readonly outcome: CallOutcome | "stopped";
  /** Whether the endpoint looks as if it were down: a failed connection, a 5xx, a timeout. */
  readonly isDown?: boolean;
  readonly error?: unknown;
  /** Milliseconds that the endpoint asked to be left alone for. */
  readonly retryAfterMs?: number | undefined;
  /** What it allows yet. */
  readonly reading?: QuotaReading | undefined;
}

/** Why no call is sent at the moment. */
export interface EndpointPause {
  /** It is taken for down, it asked to be left alone, or its allowance is spent. */
  readonly why: "down" | "asked" | "quota";
  /** Milliseconds that are left of it; `undefined` while one call finds out. */
  readonly leftMs: number | undefined;
}

/** A call while it is under way. */
export interface SentCall {
  readonly startedAt: number;
  /** Whether it is to find out if the endpoint is up again. */
  readonly isProbe: boolean;
  readonly spent: Spent;
}

/** One endpoint, whoever calls it. */
export class Endpoint {
  readonly breaker: Breaker;
  /** Whether it has answered anything yet. */
  hasAnswered = false;

  readonly #quota = new Quota();
  readonly #pumps = new Set<() => void>();
  #refusedAt: number | undefined;

  /** An endpoint that is up, and of whose allowances nothing is known. */
  constructor(options: BreakerOptions) {
    this.breaker = new Breaker(options);
  }

  /** Has `pump` called whenever calls may be sent that could not before. */
  onChange(pump: () => void): void {
    this.#pumps.add(pump);
  }

  /** Milliseconds until a call may be sent; `undefined` while another one finds that out. */
  wait(cost: Cost, now: number): number | undefined {
    const pause = this.breaker.wait(now);
    return pause === undefined ? undefined : Math.max(pause, this.#quotaWait(cost, now));
  }

  /** Why a call cannot be sent now, where that is so. */
  pause(cost: Cost, now: number): EndpointPause | undefined {
    const leftMs = this.breaker.wait(now);
    if (this.breaker.downSince !== undefined) return { why: "down", leftMs };
    if (leftMs === undefined || leftMs > 0) return { why: "asked", leftMs };
    const spentMs = this.#quotaWait(cost, now);
    return spentMs > 0 ? { why: "quota", leftMs: spentMs } : undefined;
  }

  /** A forecast of an hour is no better than asking: a call is sent, and told for how long. */
  #quotaWait(cost: Cost, now: number): number {
    const wait = this.#quota.wait(cost, now);
    return wait <= LONGEST_REST_MS ? wait : 0;
  }

  /** Counts a call that is sent now. */
  send(cost: Cost, now: number): SentCall {
    return { startedAt: now, isProbe: this.breaker.send(), spent: this.#quota.spend(cost, now) };
  }

  /** Takes in what came of a call; `limit` were allowed at once. */
  ended(call: SentCall, end: CallEnd, { now, limit }: { now: number; limit: number }): void {
    const { startedAt, isProbe, spent } = call;
    const isLong = (end.retryAfterMs ?? 0) > LONGEST_REST_MS;
    const retryAfterMs = isLong ? undefined : end.retryAfterMs;
    if (end.reading) this.#quota.read(end.reading, spent);
    if (end.outcome === "stopped") this.breaker.abandoned(isProbe);
    else if (end.isDown) {
      this.breaker.failed(end.error, { isProbe, startedAt, now, limit, retryAfterMs });
    } else this.breaker.answered(now, startedAt);
    if (end.outcome === "answered") this.hasAnswered = true;
    if (end.outcome === "refused" && retryAfterMs !== undefined) {
      this.#hold(startedAt, retryAfterMs, now);
    }
    for (const pump of this.#pumps) pump();
  }

  /**
   * A first refusal holds its own call only: others may go through. One of a call that was sent
   * after it holds all.
   */
  #hold(startedAt: number, retryAfterMs: number, now: number): void {
    if (this.#refusedAt !== undefined && startedAt > this.#refusedAt) {
      this.breaker.hold(retryAfterMs, now);
    }
    this.#refusedAt = now;
  }
}
