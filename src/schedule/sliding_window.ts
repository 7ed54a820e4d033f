/**
 * Limits that stay as they are.
 *
 * @module
 */
import { checkPlaces, type ConcurrencyStrategy } from "./strategy.ts";

/** Options of {@linkcode slidingWindow}. */
export interface SlidingWindowOptions {
  /** How many items, and calls of all models, are under way at once. */
  readonly maxConcurrency: number;
}

/**
 * So many items and calls at once over the whole session, from its start to its end: when one ends,
 * the next begins.
 *
 * @throws {TypeError} if `maxConcurrency` is no whole number from 1
 *
 * @example
 * ```ts
 * import { exactMatch, foreach, run, slidingWindow } from "@dotevals/core";
 *
 * const same = foreach("text", ["a", "b"], ({ text }) => exactMatch(text, "a"));
 * await run(same, { storage: "memory:", concurrency: slidingWindow({ maxConcurrency: 100 }) });
 * ```
 */
export function slidingWindow({ maxConcurrency }: SlidingWindowOptions): ConcurrencyStrategy {
  checkPlaces("maxConcurrency", maxConcurrency);
  return {
    maxConcurrency,
    scope: "session",
    limit: () => ({ current: maxConcurrency, ended() {} }),
  };
}

/**
 * One item, and one call, after the other.
 *
 * @example
 * ```ts
 * import { exactMatch, foreach, run, sequential } from "@dotevals/core";
 *
 * const same = foreach("text", ["a", "b"], ({ text }) => exactMatch(text, "a"));
 * await run(same, { storage: "memory:", concurrency: sequential() });
 * ```
 */
export function sequential(): ConcurrencyStrategy {
  return slidingWindow({ maxConcurrency: 1 });
}
