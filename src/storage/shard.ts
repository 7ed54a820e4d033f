/**
 * Shards as the storages know them: by name.
 *
 * @module
 */
import type { Shard } from "./storage.ts";

/** The shard of a session that runs all items. */
export const WHOLE: Shard = { index: 1, count: 1 };

/** A shard's name: `2/4`; that of all items is `1/1`. */
export function shardName({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/** How many shards there are where one has that name. */
export function shardCount(name: string): number {
  return Number(name.slice(name.indexOf("/") + 1));
}

/** Whether sessions on two shards may not write at the same time. */
export function areInEachOthersWay(one: string, other: string): boolean {
  return one === other || shardCount(one) !== shardCount(other);
}
