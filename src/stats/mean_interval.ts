/**
 * Intervals for means.
 *
 * @module
 */
import { normalQuantile } from "./normal_quantile.ts";
import { studentQuantile } from "./student_t.ts";
import type { Interval } from "./wilson_interval.ts";

/** Of more values than these, Student's distribution is the normal one to three digits. */
const MANY = 1_000;

/** What is known of the values that a mean is of. */
export interface MeanOf {
  /** How many there are, 2 or more. */
  readonly count: number;
  readonly mean: number;
  /** Their sample variance. */
  readonly variance: number;
}

/** The interval of a mean: its standard error times Student's quantile, to both sides. */
export function meanInterval({ count, mean, variance }: MeanOf, level: number): Interval {
  const quantile = count > MANY
    ? normalQuantile((1 + level) / 2)
    : studentQuantile(level, count - 1);
  const half = quantile * Math.sqrt(variance / count);
  return { low: mean - half, high: mean + half };
}
