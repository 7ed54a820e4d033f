/**
 * Identity: what makes an item the same item in the next session.
 *
 * @module
 */
import { hash } from "node:crypto";
import type { ItemKey } from "../storage/stored_record.ts";
import { canonical } from "../values/canonical.ts";

export { ItemTable } from "./item_table.ts";

/**
 * The key of the first row with these values: 128 bits of a SHA-256 over their canonical text.
 *
 * @throws {EncodingError} if a value has no stored form; the message names it as part of the `row`
 */
export function itemKey(values: unknown): ItemKey {
  return keyOf(canonical(values, "row"));
}

/**
 * The key of a further row that equals an earlier one: of the second such row with `ordinal`
 * 1, of the third with 2.
 */
export function nextKey(first: ItemKey, ordinal: number): ItemKey {
  return ordinal === 0 ? first : keyOf(`${first}#${ordinal}`);
}

/** One call of `hash` is twice as fast as a `Hash` object. */
function keyOf(text: string): ItemKey {
  return hash("sha256", text, "hex").slice(0, 32) as ItemKey;
}
