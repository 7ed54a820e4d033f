/**
 * Intervals for proportions.
 *
 * @module
 */
import { normalQuantile } from "./normal_quantile.ts";

/** From where to where. */
export interface Interval {
  /** The lower bound. */
  readonly low: number;
  /** The upper bound. */
  readonly high: number;
}

/**
 * Wilson's score interval for `successes` out of `count`, which is more than 0: it holds its level for
 * small counts and shares near 0 and 1, where mean ± 1.96 standard errors does not (Wilson 1927,
 * "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22:158).
 */
export function wilsonInterval(successes: number, count: number, level: number): Interval {
  const z2 = normalQuantile((1 + level) / 2) ** 2;
  const share = successes / count;
  const middle = (share + z2 / (2 * count)) / (1 + z2 / count);
  const half = Math.sqrt(z2 * (share * (1 - share) / count + z2 / (4 * count ** 2))) /
    (1 + z2 / count);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
