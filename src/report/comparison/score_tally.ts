/**
 * The pairs of one score, as they are read.
 *
 * @module
 */
import type { PairedTable } from "../../stats/mcnemar.ts";
import { Moments } from "../../stats/moments.ts";
import type { PairedScores } from "../../storage/paired_scores.ts";
import type { ItemKey } from "../../storage/stored_record.ts";

/** Up to so many rows, differences are kept for a test that needs each of them. */
export const KEPT = 10_000;

/** A row that was scored differently. */
export interface Changed {
  readonly key: ItemKey;
  readonly difference: number;
}

/** Sums, counts and differences of the rows that have numbers of one name on both sides. */
export class ScoreTally {
  readonly differences = new Moments();
  readonly first = new Moments();
  readonly second = new Moments();
  /** Whether all scores are booleans. */
  isShare = true;
  /** Whether a row has several scores on a side. */
  hasRepeats = false;
  #both = 0;
  #gained = 0;
  #lost = 0;
  #neither = 0;
  #kept: number[] = [];
  #up: Changed[] = [];
  #down: Changed[] = [];
  readonly #flips: number;

  /** Keeps so many changed rows in each direction: those that changed most. */
  constructor(flips: number) {
    this.#flips = flips;
  }

  /** Takes in rows that are scored alike, and have numbers on both sides. */
  add({ first, second, rows, keys }: PairedScores): void {
    const [a, b] = [first.sum / first.count, second.sum / second.count];
    const difference = b - a;
    this.first.add(a, rows);
    this.second.add(b, rows);
    this.differences.add(difference, rows);
    this.isShare &&= first.booleans === first.count && second.booleans === second.count;
    this.hasRepeats ||= first.count > 1 || second.count > 1;
    if (difference > 0) this.#gained += rows;
    else if (difference < 0) this.#lost += rows;
    else if (a > 0) this.#both += rows;
    else this.#neither += rows;
    if (this.differences.count <= KEPT) {
      for (let n = 0; n < rows; n++) {
        this.#kept.push(difference);
      }
    } else this.#kept = [];
    if (difference > 0) this.#up = this.#most(this.#up, keys, difference);
    else this.#down = this.#most(this.#down, keys, difference);
  }

  /** Each row's difference; `undefined` where there are too many. */
  get kept(): Float64Array | undefined {
    return this.differences.count <= KEPT ? Float64Array.from(this.#kept) : undefined;
  }

  /** Rows by how they changed. */
  get changes(): PairedTable {
    return {
      both: this.#both,
      gained: this.#gained,
      lost: this.#lost,
      neither: this.#neither,
    };
  }

  /** Rows that went up most. */
  get up(): readonly Changed[] {
    return this.#up;
  }

  /** Rows that went down most. */
  get down(): readonly Changed[] {
    return this.#down;
  }

  /** The most changed of those before and of others, all of which changed alike. */
  #most(before: Changed[], keys: readonly ItemKey[], difference: number): Changed[] {
    const least = before.at(-1);
    const isFull = before.length >= this.#flips;
    if (isFull && !(least && Math.abs(difference) > Math.abs(least.difference))) return before;
    return [...before, ...keys.map((key) => ({ key, difference }))]
      .toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
      .slice(0, this.#flips);
  }
}
