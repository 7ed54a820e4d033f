import { assert, assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { hash } from "node:crypto";
import type { ItemKey } from "../storage/stored_record.ts";
import { itemKey, ItemTable } from "./identity.ts";

Deno.test("an ItemTable counts equal rows", () => {
  const table = new ItemTable();
  const [one, other] = [itemKey("one"), itemKey("other")];
  assertEquals([one, one, other, one].map((key) => table.claimOrdinal(key)), [0, 1, 0, 2]);
});

Deno.test("an ItemTable tells new items from recorded and failed ones", () => {
  const table = new ItemTable();
  table.markRecorded(itemKey("fine"), false);
  table.markRecorded(itemKey("wrong"), true);
  assertEquals(["fine", "wrong", "unknown"].map((row) => table.see(itemKey(row))), [
    "recorded",
    "failed",
    "new",
  ]);
  assertEquals(table.see(itemKey("fine")), "recorded");
});

Deno.test("an ItemTable knows what was seen, and how much of a variant was not", () => {
  const table = new ItemTable();
  table.markRecorded(itemKey("kept"), false, 1);
  table.markRecorded(itemKey("gone"), true, 1);
  table.markRecorded(itemKey("gone"), false, 1); // again: counts once
  assertEquals([table.unseen(0), table.unseen(1)], [0, 2]);
  table.claimOrdinal(itemKey("kept"));
  table.see(itemKey("kept"), 1);
  table.see(itemKey("kept"), 1);
  table.see(itemKey("new"), 1);
  assertEquals(table.unseen(1), 1);
  assertEquals(["kept", "gone", "new", "?"].map((row) => table.isSeen(itemKey(row), 1)), [
    true,
    false,
    true,
    false,
  ]);
});

Deno.test("an ItemTable looks at all of the first 24 digits of a key", () => {
  const table = new ItemTable();
  for (const at of [0, 7, 8, 13, 16, 23]) {
    const key = "0".repeat(at) + "8" + "0".repeat(31 - at);
    assertEquals(table.see(key as ItemKey), "new");
  }
  assertEquals(table.see("0".repeat(32) as ItemKey), "new");
  assertEquals(table.size, 7);
});

Deno.test("items under other variants and repeats are other items", () => {
  const table = new ItemTable();
  const places: (readonly [number, number])[] = [];
  for (let variant = 0; variant < 40; variant++) {
    for (let repeat = 0; repeat < 40; repeat++) places.push([variant, repeat]);
  }
  places.push([0, 2 ** 31], [2 ** 31, 0], [7, 1_000_000]);
  for (const row of ["a", "b"]) {
    for (const place of places) assertEquals(table.see(itemKey(row), ...place), "new");
  }
  assertEquals(table.size, 2 * places.length);
});

Deno.test("an ItemTable does what maps and sets of strings do", () => {
  const place = fc.tuple(fc.nat(40), fc.nat(2), fc.nat(2));
  const step = fc.oneof(
    fc.record({ act: fc.constant("claim" as const), place }),
    fc.record({ act: fc.constant("mark" as const), place, failed: fc.boolean() }),
    fc.record({ act: fc.constant("see" as const), place }),
    fc.record({ act: fc.constant("seen" as const), place }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const table = new ItemTable();
      const ordinals = new Map<number, number>();
      const recorded = new Map<string, boolean>();
      const seen = new Set<string>();
      for (const one of steps) {
        const [row, variant, repeat] = one.place;
        const name = one.place.join();
        const key = itemKey(row);
        if (one.act === "claim") {
          const ordinal = ordinals.get(row) ?? 0;
          assertEquals(table.claimOrdinal(key), ordinal);
          ordinals.set(row, ordinal + 1);
        } else if (one.act === "mark") {
          table.markRecorded(key, one.failed, variant, repeat);
          recorded.set(name, one.failed);
        } else if (one.act === "see") {
          const failed = recorded.get(name);
          const state = failed === undefined ? "new" : failed ? "failed" : "recorded";
          assertEquals(table.see(key, variant, repeat), state);
          seen.add(name);
        } else assertEquals(table.isSeen(key, variant, repeat), seen.has(name));
      }
      const firsts = [...ordinals.keys()].map((row) => `${row},0,0`);
      assertEquals(table.size, new Set([...firsts, ...recorded.keys(), ...seen]).size);
    }),
  );
});

Deno.test("an ItemTable reads any key of a text of keys", () => {
  const rows = ["a", "b", "c"];
  const table = new ItemTable(rows.length);
  const keys = rows.map((row) => itemKey(row)).join("");
  table.markRecorded(keys, false, 0, 0, 32);
  table.markRecorded(keys, true, 0, 0, 64);
  assertEquals(rows.map((row) => table.see(itemKey(row))), ["new", "recorded", "failed"]);
});

Deno.test("an ItemTable that has room for what comes takes no more memory then, and at most 32 bytes per item", () => {
  for (const items of [20_000, 1_000_000]) {
    const table = new ItemTable(items);
    const before = table.bytes;
    for (let index = 0; index < items; index++) table.see(pseudoKey(index));
    assertEquals(table.bytes, before);
    assert(table.peakBytes / table.size < 32, `${table.peakBytes} at ${table.size}`);
  }
});

Deno.test("an ItemTable takes less than 32 bytes per item at every size, also while it grows", () => {
  const table = new ItemTable();
  for (let index = 0; index < 1_000_000; index++) {
    table.see(pseudoKey(index));
    if (index >= 20_000) {
      assert(table.peakBytes / table.size < 32, `${table.peakBytes} at ${table.size}`);
    }
  }
  assertEquals(table.size, 1_000_000);
});

Deno.test("a million items take little more time than hashing their rows", () => {
  const rows = 50_000;
  const textOf = (index: number) =>
    `{"answer":"${index}","question":"What is ${index} plus ${index}?"}`;
  const hashing = fastest(() => {
    for (let index = 0; index < rows; index++) hash("sha256", textOf(index), "hex").slice(0, 32);
  });
  const whole = fastest(() => {
    const table = new ItemTable();
    for (let index = 0; index < rows; index++) {
      const key = itemKey({ question: `What is ${index} plus ${index}?`, answer: String(index) });
      table.claimOrdinal(key);
      table.see(key);
    }
  });
  assertLess(whole / hashing, 4);
});

/** The fastest of a few rounds: noise only ever makes a round slower. */
function fastest(work: () => void): number {
  let best = Infinity;
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Bits that are spread as a hash's are, without its price. */
function pseudoKey(index: number): ItemKey {
  let key = "";
  let bits = index + 1;
  for (let word = 0; word < 4; word++) {
    bits = Math.imul(bits ^ bits >>> 15, 0x2c1b3c6d);
    bits = Math.imul(bits ^ bits >>> 12, 0x297a2d39);
    bits = (bits ^ bits >>> 15) + 0x9e3779b9 >>> 0;
    key += bits.toString(16).padStart(8, "0");
  }
  return key as ItemKey;
}
