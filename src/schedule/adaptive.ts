/**
 * A limit that looks for the concurrency at which throughput stops growing.
 *
 * @module
 */
import { AdaptiveLimit } from "./adaptive_limit.ts";
import { checkPlaces, type ConcurrencyStrategy } from "./strategy.ts";

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
   * @default {1000}
   */
  readonly max?: number;
  /**
   * What is left of the limit when the endpoint refuses calls or does not answer in time, above 0
   * and below 1.
   *
   * @default {0.7}
   */
  readonly backoff?: number;
}

/**
 * As many calls at each endpoint as its throughput grows with.
 *
 * It starts low and doubles while throughput grows, then looks up and down in small steps from time
 * to time. Calls that are refused (429, 503) or that time out cut it by a factor, once for all that
 * were under way together; it returns to just below where that happened.
 *
 * @throws {TypeError} if an option is out of its range
 *
 * @example
 * ```ts
 * import { adaptive, exactMatch, foreach, run } from "@dotevals/core";
 *
 * const same = foreach("text", ["a", "b"], ({ text }) => exactMatch(text, "a"));
 * await run(same, { storage: "memory:", concurrency: adaptive({ initial: 4, max: 64 }) });
 * ```
 */
export function adaptive(options: AdaptiveOptions = {}): ConcurrencyStrategy {
  const { min = 1, max = 1000, backoff = 0.7 } = options;
  checkPlaces("min", min);
  checkPlaces("max", max);
  const initial = options.initial ?? Math.min(max, Math.max(min, 10));
  checkPlaces("initial", initial);
  if (!(min <= initial && initial <= max)) {
    throw new TypeError(`adaptive() starts with ${initial}, which is not from ${min} to ${max}.`);
  }
  if (!(backoff > 0 && backoff < 1)) {
    throw new TypeError(`"backoff" is ${backoff}; it must be above 0 and below 1.`);
  }
  const bounds = { initial, min, max, backoff };
  return { maxConcurrency: max, scope: "endpoint", limit: () => new AdaptiveLimit(bounds) };
}
