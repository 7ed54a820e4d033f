/**
 * An interval for the difference of two shares of the same rows.
 *
 * @module
 */
import type { PairedTable } from "./mcnemar.ts";
import { normalQuantile } from "./normal_quantile.ts";
import type { Interval } from "./wilson_interval.ts";

/**
 * Tango's score interval for the second share minus the first one (Tango 1998, "Equivalence test and
 * confidence interval for the difference in proportions for the paired-sample design", Statistics in
 * Medicine 17:8): the differences that a score test does not reject. There is at least one pair. It
 * has a width where no pair differs, and does not leave -1 to 1.
 */
export function pairedShareInterval(table: PairedTable, level: number): Interval {
  const z = normalQuantile((1 + level) / 2);
  const { both, gained, lost, neither } = table;
  const flipped = { both, gained: lost, lost: gained, neither };
  return { low: -highest(flipped, z), high: highest(table, z) };
}

/** The greatest difference whose score is not below −z, by bisection: scores fall as it grows. */
function highest(table: PairedTable, z: number): number {
  if (score(table, 1) >= -z) return 1;
  let low = (table.gained - table.lost) / (table.both + table.gained + table.lost + table.neither);
  let high = 1;
  while (high - low > 1e-15) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (score(table, middle) >= -z) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** How far the pairs are from a true difference, in standard errors: Tango's equations 3 to 7. */
function score({ both, gained, lost, neither }: PairedTable, difference: number): number {
  const count = both + gained + lost + neither;
  const b = (2 * count - gained + lost) * difference - gained - lost;
  const c = -lost * difference * (1 - difference);
  const lostShare = (Math.sqrt(Math.max(0, b * b - 8 * count * c)) - b) / (4 * count);
  const variance = count * (2 * lostShare + difference * (1 - difference));
  const distance = gained - lost - count * difference;
  if (distance === 0) return 0;
  return variance <= 0 ? Math.sign(distance) * Infinity : distance / Math.sqrt(variance);
}
