/**
 * An interval and a test for a mean difference.
 *
 * @module
 */
import { meanInterval } from "./mean_interval.ts";
import { studentTails } from "./student_t.ts";
import type { Interval } from "./wilson_interval.ts";

/** Differences of pairs, as `Moments` has them. */
export interface Differences {
  readonly count: number;
  readonly mean: number;
  /** With n − 1 below; `undefined` of fewer than two. */
  readonly variance: number | undefined;
}

/**
 * Student's interval for the mean of differences (Student 1908, "The probable error of a mean", Biometrika
 * 6:1); `undefined` of fewer than two.
 *
 * The differences are those of rows. Where rows have repeats, a row's score is the mean of its repeats,
 * so that its repeats count as one: with equally many of each row this is the standard error that is
 * clustered by rows (Miller 2024, "Adding Error Bars to Evals", arXiv:2411.00640, equation 4), but for
 * the root of n / (n − 1), which few rows ask for.
 */
export function pairedMeanInterval(differences: Differences, level: number): Interval | undefined {
  const { count, mean, variance } = differences;
  return variance === undefined ? undefined : meanInterval({ count, mean, variance }, level);
}

/** The two-sided p-value of the paired t test; 1 where all differences are 0, or there is but one. */
export function pairedMeanTest({ count, mean, variance }: Differences): number {
  if (variance === undefined || mean === 0) return 1;
  return studentTails(mean / Math.sqrt(variance / count), count - 1);
}
