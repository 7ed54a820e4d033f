/**
 * Items' keys, as short as they can be told apart.
 *
 * @module
 */
import type { ItemKey } from "../storage/stored_record.ts";

const FEW = 10_000;

/** The beginning of a key that hardly any other of so many items has: `show EXP --item` takes it. */
export function shortKey(key: ItemKey, items: number): string {
  return key.slice(0, items <= FEW ? 8 : 12);
}
