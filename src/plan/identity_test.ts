import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { EncodingError } from "../values/encoding_error.ts";
import { crowded, reordered, storable } from "../values/testing/arbitrary.ts";
import { itemKey, nextKey } from "./identity.ts";

Deno.test("itemKey() is 32 hexadecimal digits that never change", () => {
  assertEquals(itemKey({ question: "2 + 2?", answer: 4 }), "1625caee46d937821d8a22bf4415ba64");
  assertEquals(itemKey(undefined), "40055a47c8d77bd1034f031380828387");
});

Deno.test("itemKey() does not depend on the order of keys", () => {
  fc.assert(fc.property(storable, (row) => {
    const key = itemKey(row);
    return /^[0-9a-f]{32}$/.test(key) && key === itemKey(reordered(row));
  }));
});

Deno.test("itemKey() differs where rows differ", () => {
  fc.assert(fc.property(crowded, crowded, (one, other) => {
    return isDeepStrictEqual(one, other) === (itemKey(one) === itemKey(other));
  }));
});

Deno.test("nextKey() gives each of several equal rows a key of its own", () => {
  const first = itemKey({ a: 1 });
  assertEquals(nextKey(first, 0), first);
  const keys = Array.from({ length: 1_000 }, (_, ordinal) => nextKey(first, ordinal));
  assertEquals(new Set(keys).size, 1_000);
  assert(keys.every((key) => /^[0-9a-f]{32}$/.test(key)));
  assertNotEquals(nextKey(first, 1), nextKey(itemKey({ a: 2 }), 1));
});

Deno.test("itemKey() names the part of a row that has no stored form", () => {
  assertThrows(() => itemKey({ check: () => true }), EncodingError, "row.check cannot be stored");
});
