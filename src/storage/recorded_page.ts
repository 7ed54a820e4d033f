/**
 * Pages of recorded items: one text of keys, because there may be a million.
 *
 * @module
 */
import type { ItemKey, RecordedKey, RecordedPage } from "./storage.ts";

/** Digits of a key. */
export const KEY_DIGITS = 32;

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
