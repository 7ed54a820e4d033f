/**
 * How much is to be under way at once, as it is asked for.
 *
 * @module
 */
import { adaptive } from "../schedule/adaptive.ts";
import { slidingWindow } from "../schedule/sliding_window.ts";
import type { ConcurrencyStrategy } from "../schedule/strategy.ts";

/**
 * How much is under way at once: exactly so many items and calls, `"auto"` for as many as
 * throughput grows with, or a strategy.
 */
export type Concurrency = number | "auto" | ConcurrencyStrategy;

/** The strategy that is asked for. */
export function strategyOf(concurrency: Concurrency = "auto"): ConcurrencyStrategy {
  if (concurrency === "auto") return adaptive();
  if (typeof concurrency !== "number") return concurrency;
  return slidingWindow({ maxConcurrency: concurrency });
}

/** As many as throughput grows with, but not more than `max` at each endpoint. */
export function cappedAt(max: number): ConcurrencyStrategy {
  return adaptive({ max });
}

/** Whether a value is a strategy; code without types can give anything. */
export function isStrategy(value: unknown): value is ConcurrencyStrategy {
  return typeof value === "object" && value !== null && "limit" in value &&
    typeof value.limit === "function";
}
