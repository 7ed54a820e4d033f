/**
 * What the pairs of a score say: difference, interval, test, and what could be found.
 *
 * @module
 */
import { mcnemarTest } from "../../stats/mcnemar.ts";
import { pairedMeanInterval, pairedMeanTest } from "../../stats/paired_mean.ts";
import {
  leastMeanDifference,
  leastShareDifference,
  pairsForMeans,
  pairsForShares,
} from "../../stats/paired_power.ts";
import { pairedShareInterval } from "../../stats/paired_share_interval.ts";
import { signFlipTest } from "../../stats/sign_flip.ts";
import type { Interval } from "../../stats/wilson_interval.ts";
import { type ComparedScore, LEVEL, POWER, type Verdict } from "./comparison.ts";
import type { ScoreTally } from "./score_tally.ts";

/** Ways to flip signs that are drawn where they are too many to try all. */
const SIGN_FLIPS = { draws: 9_999, seed: 0 };

/** What the numbers of one score come to, its verdict and its flips apart. */
export type ScoreFigures = Pick<
  ComparedScore,
  | "rows"
  | "first"
  | "second"
  | "difference"
  | "interval"
  | "test"
  | "p"
  | "leastDifference"
  | "rowsToDecide"
>;

/** The figures of pairs, of which there is at least one. */
export function scoreFigures(tally: ScoreTally): ScoreFigures {
  const { differences, first, second } = tally;
  const isTable = tally.isShare && !tally.hasRepeats;
  return {
    rows: differences.count,
    first: first.mean,
    second: second.mean,
    difference: differences.mean,
    ...isTable ? tableFigures(tally) : meanFigures(tally),
  };
}

type Tested = Omit<ScoreFigures, "rows" | "first" | "second" | "difference">;

/** Pairs of booleans are a table of four counts. */
function tableFigures({ changes, differences }: ScoreTally): Tested {
  const { count, mean } = differences;
  const differing = (changes.gained + changes.lost) / count;
  return {
    test: "mcnemar",
    p: mcnemarTest(changes),
    interval: pairedShareInterval(changes, LEVEL),
    leastDifference: leastShareDifference({ pairs: count, differing }, POWER),
    rowsToDecide: mean === 0 ? undefined : pairsForShares({ difference: mean, differing }, POWER),
  };
}

function meanFigures({ differences, kept, isShare }: ScoreTally): Tested {
  const { count, mean, variance = 0 } = differences;
  const deviation = Math.sqrt(variance);
  // The squares of very large numbers are beyond all numbers.
  const varies = deviation > 0 && Number.isFinite(deviation);
  const least = varies ? leastMeanDifference({ pairs: count, deviation }, POWER) : undefined;
  const largest = isShare ? 1 : Infinity;
  return {
    test: kept ? "sign-flip" : "t",
    p: kept ? signFlipTest(kept, SIGN_FLIPS) : pairedMeanTest(differences),
    interval: varies ? within(pairedMeanInterval(differences, LEVEL), largest) : undefined,
    leastDifference: least !== undefined && least <= largest ? least : undefined,
    rowsToDecide: varies && mean !== 0
      ? pairsForMeans({ difference: mean, deviation }, POWER)
      : undefined,
  };
}

/** Without differences that there cannot be: shares differ by 1 at most. */
function within(interval: Interval | undefined, largest: number): Interval | undefined {
  return interval &&
    { low: Math.max(-largest, interval.low), high: Math.min(largest, interval.high) };
}

/** What the adjusted p-value and the difference come to. */
export function verdictOf(
  { difference, adjustedP, lowerIsBetter, changes }: Pick<
    ComparedScore,
    "difference" | "adjustedP" | "lowerIsBetter" | "changes"
  >,
): Verdict {
  if (changes.gained + changes.lost === 0) return "same";
  if (!(adjustedP < POWER.alpha) || difference === 0 || !Number.isFinite(difference)) {
    return "unclear";
  }
  return difference > 0 === lowerIsBetter ? "worse" : "better";
}
