/**
 * Intervals without an assumption about how values are distributed.
 *
 * @module
 */
import { quantileOf } from "./quantile.ts";
import { seededRandom } from "./seeded_random.ts";
import type { Interval } from "./wilson_interval.ts";

/** Options of {@linkcode bootstrapInterval}. */
export interface BootstrapOptions {
  /** The share of such intervals that hold the true mean. */
  readonly level: number;
  /** How many times values are drawn. */
  readonly resamples: number;
  /** The same seed draws the same. */
  readonly seed: number;
}

/**
 * The percentile bootstrap interval of the mean (Efron and Tibshirani 1993, "An Introduction to the
 * Bootstrap", chapter 13). The order of the values does not matter; there is at least one.
 */
export function bootstrapInterval(
  values: readonly number[],
  { level, resamples, seed }: BootstrapOptions,
): Interval {
  const sorted = Float64Array.from(values).sort();
  const random = seededRandom(seed);
  const means = Float64Array.from({ length: resamples }, () => meanOfDraws(sorted, random)).sort();
  return {
    low: quantileOf(means, (1 - level) / 2) ?? NaN,
    high: quantileOf(means, (1 + level) / 2) ?? NaN,
  };
}

function meanOfDraws(values: Float64Array, random: () => number): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[Math.floor(random() * values.length)] ?? 0;
  return sum / values.length;
}
