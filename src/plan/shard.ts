/**
 * Shards: parts of an evaluation's items that sessions run side by side.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import type { ItemKey } from "../storage/storage.ts";

/** Which part of the items: part `index`, from 1, of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * Reads `2/4`.
 *
 * @throws {DotevalsError} `invalid-value` if it is none
 */
export function parseShard(text: string): Shard {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new DotevalsError(`--shard is "${text}".`, {
      code: "invalid-value",
      hint: "Write --shard 2/4 for the second of four parts.",
    });
  }
  return { index, count };
}

/** Whether an item is in a shard; its key decides, so every session decides alike. */
export function isInShard(key: ItemKey, { index, count }: Shard): boolean {
  return Number.parseInt(key.slice(-8), 16) % count === index - 1;
}
