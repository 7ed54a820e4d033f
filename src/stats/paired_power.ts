/**
 * What differences a comparison can find.
 *
 * @module
 */
import { normalQuantile } from "./normal_quantile.ts";

/** How sure a comparison is to be. */
export interface PowerOptions {
  /** The chance of a false alarm, where there is no difference. */
  readonly alpha: number;
  /** The chance to find a difference that is there. */
  readonly power: number;
}

/**
 * How many pairs of booleans McNemar's test needs to find a `difference` of shares, where a share `differing`
 * of pairs differs (Connor 1987, "Sample Size for Testing Differences in Proportions for the
 * Paired-Sample Design", Biometrics 43:1), but at least as many as an exact test needs. Infinite for no difference.
 */
export function pairsForShares(
  { difference, differing }: { readonly difference: number; readonly differing: number },
  { alpha, power }: PowerOptions,
): number {
  const square = difference ** 2;
  const root = normalQuantile(1 - alpha / 2) * Math.sqrt(differing) +
    normalQuantile(power) * Math.sqrt(Math.max(0, differing - square));
  return Math.max(leastPairs(alpha), Math.ceil(root ** 2 / square));
}

/**
 * The least difference of shares that so many pairs are enough for, by the same formula; `undefined` where
 * even pairs that all differ in one direction would be too few.
 */
export function leastShareDifference(
  { pairs, differing }: { readonly pairs: number; readonly differing: number },
  options: PowerOptions,
): number | undefined {
  const needed = (difference: number) => pairsForShares({ difference, differing }, options);
  if (!(needed(differing) <= pairs)) return undefined;
  let low = 0;
  let high = differing;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (needed(middle) <= pairs) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * How many pairs are needed to find a mean `difference`, where differences of pairs vary with this standard
 * deviation (Miller 2024, "Adding Error Bars to Evals", arXiv:2411.00640, section 5; the variance of a
 * difference holds that of its repeats), but at least as many as an exact test needs. Infinite for no difference.
 */
export function pairsForMeans(
  { difference, deviation }: { readonly difference: number; readonly deviation: number },
  options: PowerOptions,
): number {
  const pairs = Math.ceil((errorsApart(options) * deviation / difference) ** 2);
  return Math.max(leastPairs(options.alpha), pairs);
}

/**
 * The least mean difference that so many pairs are enough for, by the same formula; `undefined` where no difference
 * can be found.
 */
export function leastMeanDifference(
  { pairs, deviation }: { readonly pairs: number; readonly deviation: number },
  options: PowerOptions,
): number | undefined {
  if (pairs < leastPairs(options.alpha)) return undefined;
  return errorsApart(options) * deviation / Math.sqrt(pairs);
}

/**
 * With fewer pairs the p-value of an exact test, in which each pair that differs may as well have gone the other way,
 * is not below `alpha` even where all went one way: the formulas do not know that.
 */
function leastPairs(alpha: number): number {
  return Math.floor(Math.log2(2 / alpha)) + 1;
}

/** So many standard errors a difference must be from 0. */
function errorsApart({ alpha, power }: PowerOptions): number {
  return normalQuantile(1 - alpha / 2) + normalQuantile(power);
}
