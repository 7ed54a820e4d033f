/**
 * How the scores of one name are spread.
 *
 * @module
 */
import type { ScoreAggregate } from "../evaluation/metric.ts";
import type { ItemKey } from "./stored_record.ts";

/** Bins of a {@linkcode NumberSpread}, at most. */
export const MOST_BINS = 12;

/** Labels that are counted one by one, at most. */
export const MOST_LABELS = 12;

/** Characters of a label, at most. */
export const LABEL_CHARACTERS = 100;

/** So much of a bin is rounding: 0.3 in tenths is in the fourth. */
export const ROUNDING = 1e-9;

/** Numbers that are smaller have no bins; nor have those that are greater than its inverse. */
const LEAST = 1e-290;

/** Items with the lowest values, at most. */
export const MOST_LOWEST = 3;

/** How the scores of one name are spread, over the items that are not gone. */
export interface ScoreDistribution {
  /** What they add up to. */
  readonly sums: ScoreAggregate;
  /** Booleans that are `true`. */
  readonly trues: number;
  /** Those that are finite numbers; `undefined` where there is none. */
  readonly numbers: NumberSpread | undefined;
  /** Those that are `NaN` or infinite. */
  readonly notFinite: number;
  /** The most frequent texts first. */
  readonly labels: readonly LabelCount[];
  /** Those that are texts, `labels` among them. */
  readonly texts: number;
  /** Those that are records. */
  readonly records: number;
  /** The items with the lowest booleans and numbers, below the highest one. */
  readonly lowest: readonly LowItem[];
}

/** Bins, and what stands between them. */
export interface Bins {
  /** The lower bound of the first one. */
  readonly from: number;
  /** How wide each is. */
  readonly step: number;
  /** How many there are; the last one holds its upper bound too. */
  readonly count: number;
}

/** How numbers are spread. */
export interface NumberSpread {
  /** How many there are. */
  readonly count: number;
  /** The lowest. */
  readonly min: number;
  /** The highest. */
  readonly max: number;
  /** Whether all are whole, and each has a bin of its own. */
  readonly isWhole: boolean;
  /** The lower bound of the first bin. */
  readonly from: number;
  /** How wide each bin is. */
  readonly step: number;
  /** How many numbers are in each bin; none of very many numbers until a session has ended. */
  readonly bins: readonly number[];
}

/** How often a text is the score. */
export interface LabelCount {
  /** The text, cut to a hundred characters. */
  readonly label: string;
  /** How often. */
  readonly count: number;
}

/** An item with a low score. */
export interface LowItem {
  /** The identity of the item's row. */
  readonly key: ItemKey;
  /** Which repeat it is, from 0. */
  readonly repeat: number;
  /** The row's place in the dataset, from 0. */
  readonly position: number;
  /** The score; `true` counts 1 and `false` 0. */
  readonly value: number;
}

/** Bins for numbers from `min` to `max`: round ones, or one for each where they are whole and few. */
export function binsFor(
  { min, max, isWhole }: Pick<NumberSpread, "min" | "max" | "isWhole">,
): Bins {
  if (isWhole) return { from: min, step: 1, count: max - min + 1 };
  const range = max - min;
  const size = Math.max(Math.abs(min), Math.abs(max));
  // Bounds that are hardly apart, or at the end of what numbers can be, have no round ones between.
  const areApart = range > Math.max(ROUNDING * size, LEAST) && size < 1 / LEAST;
  if (!areApart) return { from: min, step: 1, count: 1 };
  let power = 10 ** Math.floor(Math.log10(range / MOST_BINS));
  for (let at = 0;; at++) {
    const step = tidied(power * ([1, 2, 5][at % 3] ?? 1));
    const from = tidied(Math.floor(min / step + ROUNDING) * step);
    const count = Math.max(1, Math.ceil((max - from) / step - ROUNDING));
    if (count <= MOST_BINS) return { from, step, count };
    if (at % 3 === 2) power *= 10;
  }
}

/** The bin of a number, as SQL computes it too. */
export function binOf(number: number, { from, step, count }: Bins): number {
  return Math.min(count - 1, Math.trunc((number - from) / step + ROUNDING));
}

/** A bound without what multiplying left of rounding. */
function tidied(bound: number): number {
  return Number(bound.toPrecision(12));
}

/** Whether numbers of such bounds can each have a bin, if they are whole. */
export function isWholeRange(
  { min, max, whole, count }: {
    readonly min: number;
    readonly max: number;
    /** How many of them are whole. */
    readonly whole: number;
    readonly count: number;
  },
): boolean {
  const areExact = Number.isSafeInteger(min) && Number.isSafeInteger(max);
  return areExact && whole === count && max - min < MOST_BINS;
}
