/**
 * What two evaluations scored the same rows.
 *
 * @module
 */
import type { ItemKey } from "./stored_record.ts";

/** A part of the rows of two evaluations; over all parts each row is counted once. */
export interface PairedPart {
  /** Its rows, whatever they were scored. */
  readonly counts: RowCounts;
  /** Those that both evaluations scored, taken together where they were scored alike. */
  readonly scores: readonly PairedScores[];
}

/** How many rows there are; a row counts once, whatever the number of its repeats. */
export interface RowCounts {
  /** Rows of the first evaluation. */
  readonly first: number;
  /** Rows of the second one. */
  readonly second: number;
  /** Rows of both. */
  readonly both: number;
  /** Of those of both: rows all of whose repeats ended with an error in the first one. */
  readonly firstFailed: number;
  /** The same of the second one. */
  readonly secondFailed: number;
  /** The same of either. */
  readonly failed: number;
}

/** Rows that two evaluations scored alike, under one score's name. */
export interface PairedScores {
  /** The score's name. */
  readonly score: string;
  /** What each of them has in the first evaluation. */
  readonly first: RowScore;
  /** What each of them has in the second one. */
  readonly second: RowScore;
  /** How many rows. */
  readonly rows: number;
  /** The first few of these rows, where both have numbers that differ. */
  readonly keys: readonly ItemKey[];
}

/** The scores of one name that a row has, over its repeats. */
export interface RowScore {
  /** Scores that are booleans or finite numbers. */
  readonly count: number;
  /** Their sum; `true` counts 1 and `false` 0. */
  readonly sum: number;
  /** How many of them are booleans. */
  readonly booleans: number;
}

/** Options of `Storage.pairedScores`. */
export interface PairedScoresOptions {
  /**
   * Keys to give with rows that are scored differently, at the most.
   *
   * @default {0}
   */
  readonly keys?: number;
}

/** The score of a row that has none. */
export const UNSCORED: RowScore = { count: 0, sum: 0, booleans: 0 };

/** Whether a row has numbers on both sides, and their means differ. */
export function differs(first: RowScore, second: RowScore): boolean {
  return first.count > 0 && second.count > 0 &&
    first.sum * second.count !== second.sum * first.count;
}
