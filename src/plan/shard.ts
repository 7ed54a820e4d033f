/**
 * Shards: parts of an evaluation's items that sessions run side by side.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import type { Shard } from "../storage/storage.ts";
import type { ItemKey } from "../storage/stored_record.ts";

/** Reads `2/4`; `undefined` if a text is no part of a whole. */
export function readShard(text: string): Shard | undefined {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  const isPart = index !== undefined && count !== undefined && index >= 1 && index <= count;
  return isPart ? { index, count } : undefined;
}

/**
 * Reads the option `--shard`; `undefined` for `1/1`, which is all of the items.
 *
 * @throws {DotevalsError} `invalid-value` if it is no part of a whole
 */
export function parseShard(text: string): Shard | undefined {
  const shard = readShard(text);
  if (shard === undefined) {
    throw new DotevalsError(`--shard is "${text}".`, {
      code: "invalid-value",
      hint: "Write --shard 2/4 for the second of four parts.",
    });
  }
  return shard.count === 1 ? undefined : shard;
}

/** Whether an item is in a shard; its key decides, so every session decides alike. */
export function isInShard(key: ItemKey, { index, count }: Shard): boolean {
  return Number.parseInt(key.slice(-8), 16) % count === index - 1;
}
