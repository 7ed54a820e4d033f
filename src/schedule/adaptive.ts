/**
 * A limit that looks for the concurrency at which throughput stops growing.
 *
 * @module
 */

/** Decides how much may be under way at once. */
export interface ConcurrencyStrategy {
  /** How much may be under way now. */
  readonly limit: number;
  /** The most that the limit can become. */
  readonly max: number;
  /** Something ended, `inFlight` others being under way, at `now` (milliseconds, monotonic). */
  settled(inFlight: number, now: number): void;
  /** The other side refused a call for its rate. */
  refused(now: number): void;
}

/** Options of {@linkcode adaptive}. */
export interface AdaptiveOptions {
  /**
   * Where it starts.
   *
   * @default {10}
   */
  readonly initial?: number;
  /**
   * The least it falls to.
   *
   * @default {1}
   */
  readonly min?: number;
  /**
   * The most it grows to.
   *
   * @default {256}
   */
  readonly max?: number;
}

/** A limit that stays what it is. */
export function slidingWindow(options: { readonly maxConcurrency: number }): ConcurrencyStrategy {
  return { limit: options.maxConcurrency, max: options.maxConcurrency, settled() {}, refused() {} };
}

/** How much more throughput a step up must bring to be worth the next one. */
const WORTH = 1.05;

/** Windows at one limit before a step up is tried again: the other side may have more room now. */
const PATIENCE = 10;

/**
 * Starts low and doubles while throughput grows with it, then holds; falls by half when the
 * other side refuses calls, and creeps up again.
 *
 * Throughput is measured over windows in which as much ended as was allowed at once.
 */
export function adaptive(options: AdaptiveOptions = {}): ConcurrencyStrategy {
  const { min = 1, max = 256 } = options;
  let limit = Math.min(max, Math.max(min, options.initial ?? 10));
  let growth = 2;
  let best = 0;
  let held = 0;
  let ended = 0;
  let full = false;
  let windowStart: number | undefined;
  let refusedAt = -Infinity;

  function closeWindow(now: number, elapsed: number): void {
    const throughput = ended / elapsed;
    if (full && (throughput > best * WORTH || ++held >= PATIENCE)) {
      best = throughput;
      held = 0;
      limit = Math.min(max, Math.max(limit + 1, Math.floor(limit * growth)));
    }
    windowStart = now;
    ended = 0;
    full = false;
  }

  return {
    get limit() {
      return limit;
    },
    max,
    settled(inFlight, now) {
      windowStart ??= now;
      ended++;
      if (inFlight + 1 >= limit) full = true;
      const elapsed = now - windowStart;
      if (ended >= limit && elapsed > 0) closeWindow(now, elapsed);
    },
    refused(now) {
      // Calls that were under way together are refused together: one of them speaks for all.
      if (now - refusedAt < 1000) return;
      refusedAt = now;
      limit = Math.max(min, Math.floor(limit / 2));
      growth = 1.1;
      best = 0;
      held = 0;
      ended = 0;
      windowStart = undefined;
    },
  };
}
