/**
 * Intervals without an assumption about how values are distributed.
 *
 * @module
 */
import { quantileOf } from "./quantile.ts";
import { seededRandom } from "./seeded_random.ts";
import { sorted } from "./sorted.ts";
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

/** So many draws take a few milliseconds. */
const DRAWS = 200_000;

/**
 * The percentile bootstrap interval of the mean (Efron and Tibshirani 1993, "An Introduction to the
 * Bootstrap", chapter 13); may pause at each `yield`. The order of the values does not matter; there is at least one.
 */
export function* bootstrapInterval(
  values: ArrayLike<number>,
  { level, resamples, seed }: BootstrapOptions,
): Generator<void, Interval> {
  const inOrder = yield* sorted(new Float64Array(values));
  const random = seededRandom(seed);
  const means = new Float64Array(resamples);
  for (let n = 0; n < resamples; n++) means[n] = yield* meanOfDraws(inOrder, random);
  means.sort();
  return {
    low: quantileOf(means, (1 - level) / 2) ?? NaN,
    high: quantileOf(means, (1 + level) / 2) ?? NaN,
  };
}

function* meanOfDraws(values: Float64Array, random: () => number): Generator<void, number> {
  const { length } = values;
  let sum = 0;
  for (let start = 0; start < length; start += DRAWS) {
    const end = Math.min(start + DRAWS, length);
    for (let n = start; n < end; n++) sum += values[Math.floor(random() * length)] ?? 0;
    yield;
  }
  return sum / length;
}
