import { assert, assertEquals, assertThrows } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { itemKey } from "./identity.ts";
import { isInShard, parseShard } from "./shard.ts";

Deno.test("each item is in one shard, and shards are about equal", () => {
  const counts = new Map<number, number>();
  for (let n = 0; n < 3000; n++) {
    const key = itemKey(n);
    const inside = [1, 2, 3].filter((index) => isInShard(key, { index, count: 3 }));
    assertEquals(inside.length, 1);
    for (const index of inside) counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  for (const count of counts.values()) assert(count > 850 && count < 1150, String(count));
});

Deno.test("parseShard() reads a part of a whole, and refuses what is none", () => {
  assertEquals(parseShard("2/4"), { index: 2, count: 4 });
  assertEquals(parseShard("1/1"), undefined);
  for (const wrong of ["0/4", "5/4", "1", "1/0", "a/b", "1/2/3", "-1/2"]) {
    assertThrows(() => parseShard(wrong), DotevalsError, `--shard is "${wrong}".`);
  }
});
