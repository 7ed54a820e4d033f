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
  if (length <= BLOCK) sum = sumOfDraws(values, length, random);
  else {
    const counts = new Uint32Array(Math.ceil(length / BLOCK));
    for (let drawn = 0; drawn < length; drawn += DRAWS) {
      countDraws(counts, Math.min(DRAWS, length - drawn), () => random() * length);
      yield;
    }
    for (const [block, count] of counts.entries()) {
      sum += sumOfDraws(values.subarray(block * BLOCK, (block + 1) * BLOCK), count, random);
      yield;
    }
  }
  yield;
  return sum / length;
}

/**
 * So many values stay close to the processor. Of more, it is drawn first how often each block is drawn from, then
 * within the blocks: the same chances, without a walk through all memory.
 */
const BLOCK = 65_536;

function countDraws(counts: Uint32Array, draws: number, place: () => number): void {
  for (let n = 0; n < draws; n++) {
    const block = Math.floor(place() / BLOCK);
    counts[block] = (counts[block] ?? 0) + 1;
  }
}

function sumOfDraws(values: Float64Array, draws: number, random: () => number): number {
  const { length } = values;
  let sum = 0;
  for (let n = 0; n < draws; n++) sum += values[Math.floor(random() * length)] ?? 0;
  return sum;
}
