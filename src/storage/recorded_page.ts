/**
 * Pages of recorded items: one text of keys, because there may be a million.
 *
 * @module
 */
import type { ItemKey } from "./stored_record.ts";

/** Digits of a key. */
export const KEY_DIGITS = 32;

/** A recorded item, as resume needs it. */
export interface RecordedKey {
  /** The identity of the item's row. */
  readonly key: ItemKey;
  /** Which repeat it is, from 0. */
  readonly repeat: number;
  /** Whether it ended with an error, and so is to run again. */
  readonly failed: boolean;
  /** Whether its row has left the dataset. */
  readonly gone: boolean;
}

/** Some of an evaluation's recorded items; `itemsOf` gives them one by one. */
export interface RecordedPage {
  /** How many. */
  readonly count: number;
  /** Their keys, one after the other. */
  readonly keys: string;
  /** Which repeats they are; `undefined` where each is its item's first. */
  readonly repeats: readonly number[] | undefined;
  /** Those that failed or are gone, by their place in the page. */
  readonly unsettled: ReadonlyMap<number, Pick<RecordedKey, "failed" | "gone">>;
}

/** Makes a page of items. */
export function toPage(items: readonly RecordedKey[]): RecordedPage {
  return {
    count: items.length,
    keys: items.map(({ key }) => key).join(""),
    repeats: items.map(({ repeat }) => repeat),
    unsettled: new Map(
      items.flatMap(({ failed, gone }, place) => failed || gone ? [[place, { failed, gone }]] : []),
    ),
  };
}

/** The items of a page, one by one. */
export function* itemsOf(
  { count, keys, repeats, unsettled }: RecordedPage,
): Generator<RecordedKey> {
  for (let place = 0; place < count; place++) {
    const { failed, gone } = unsettled.get(place) ?? SETTLED;
    yield { key: keyAt(keys, place), repeat: repeats?.[place] ?? 0, failed, gone };
  }
}

/** One of a page's keys. */
export function keyAt(keys: string, place: number): ItemKey {
  return keys.slice(place * KEY_DIGITS, (place + 1) * KEY_DIGITS) as ItemKey;
}

const SETTLED = { failed: false, gone: false };
