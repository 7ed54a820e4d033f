/**
 * A test for pairs of booleans.
 *
 * @module
 */
import { incompleteBeta } from "./incomplete_beta.ts";

/** Pairs of booleans, counted by what the first and the second one are. */
export interface PairedTable {
  /** Both true. */
  readonly both: number;
  /** The first false, the second true. */
  readonly gained: number;
  /** The first true, the second false. */
  readonly lost: number;
  /** Both false. */
  readonly neither: number;
}

/**
 * The two-sided p-value of McNemar's exact test: of the pairs that differ, as many went one way as would
 * heads of a fair coin (McNemar 1947, "Note on the sampling error of the difference between correlated
 * proportions or percentages", Psychometrika 12:2; Fagerland, Lydersen and Laake 2013, BMC Medical
 * Research Methodology 13:91, the exact conditional test). 1 where no pair differs.
 */
export function mcnemarTest({ gained, lost }: Pick<PairedTable, "gained" | "lost">): number {
  const differing = gained + lost;
  const fewer = Math.min(gained, lost);
  if (differing === 2 * fewer) return 1;
  return Math.min(1, 2 * incompleteBeta(0.5, differing - fewer, fewer + 1));
}
