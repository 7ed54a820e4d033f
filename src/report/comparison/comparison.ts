/**
 * What comes of comparing experiments: what tables, JSON, Markdown and HTML show of it.
 *
 * @module
 */
import type { PairedTable } from "../../stats/mcnemar.ts";
import type { Interval } from "../../stats/wilson_interval.ts";
import type { RowCounts } from "../../storage/paired_scores.ts";
import type { StoredEvaluation } from "../../storage/stored_evaluation.ts";
import type { ItemKey, StoredRecord } from "../../storage/stored_record.ts";

/** The share of intervals that hold the true difference. */
export const LEVEL = 0.95;

/** The chance of a false alarm, and of finding a difference that is there. */
export const POWER = { alpha: 0.05, power: 0.8 };

/** Experiments, each compared with the first one. */
export interface Comparison {
  readonly pairs: readonly ComparedPair[];
  readonly alone: readonly AloneSide[];
  /** How many tests the p-values are adjusted for. */
  readonly tests: number;
}

/** One evaluation under one variant, of one experiment. */
export interface Side {
  readonly experiment: string;
  readonly stored: StoredEvaluation;
  readonly variant: Readonly<Record<string, unknown>>;
}

/** An evaluation that has no counterpart. */
export interface AloneSide {
  readonly side: Side;
  /** The experiment that has none. */
  readonly missingIn: string;
}

/** Two evaluations, row by row. */
export interface ComparedPair {
  readonly first: Side;
  readonly second: Side;
  readonly counts: RowCounts;
  readonly scores: readonly ComparedScore[];
  /** Names of scores that are neither booleans nor numbers in both. */
  readonly notCompared: readonly string[];
}

/** `better` and `worse` where the adjusted p-value is below 5%. */
export type Verdict = "better" | "worse" | "unclear" | "same";

/** What a p-value comes from: McNemar's exact test, flips of signs, or Student's t. */
export type TestName = "mcnemar" | "sign-flip" | "t";

/** The scores of one name in both evaluations. */
export interface ComparedScore {
  readonly score: string;
  /** Whether all scores are booleans. */
  readonly isShare: boolean;
  /** Whether less is better. */
  readonly lowerIsBetter: boolean;
  /** Rows that have numbers in both. */
  readonly rows: number;
  /** Rows of both, without errors, that have no such number in one of them. */
  readonly unscored: number;
  /** Whether rows have several scores, of which the mean counts. */
  readonly hasRepeats: boolean;
  /** The mean over these rows, in the first evaluation. */
  readonly first: number;
  /** The same in the second one. */
  readonly second: number;
  /** The second one minus the first. */
  readonly difference: number;
  /** The 95% interval of the difference; `undefined` where there is too little to tell. */
  readonly interval: Interval | undefined;
  readonly test: TestName;
  /** The p-value alone. */
  readonly p: number;
  /** The p-value, adjusted by Holm's method over all tests of the comparison. */
  readonly adjustedP: number;
  readonly verdict: Verdict;
  /** Rows by how they changed. */
  readonly changes: PairedTable;
  /** The least difference that so many rows are enough for; `undefined` where nothing is. */
  readonly leastDifference: number | undefined;
  /** Rows that it takes to find the observed difference; `undefined` where there is none. */
  readonly rowsToDecide: number | undefined;
  /** Rows that went up, the first or the largest of them. */
  readonly up: readonly Flip[];
  /** Rows that went down. */
  readonly down: readonly Flip[];
}

/** A row that the two scored differently, with its records. */
export interface Flip {
  readonly key: ItemKey;
  readonly difference: number;
  /** The first evaluation's records of the row, one for each repeat. */
  readonly first: readonly StoredRecord[];
  /** Those of the second one. */
  readonly second: readonly StoredRecord[];
}
