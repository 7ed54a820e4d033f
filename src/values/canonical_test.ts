import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { canonical } from "./canonical.ts";
import { decode, EncodingError } from "./tagged.ts";
import { crowded, reordered, storable } from "./testing/arbitrary.ts";

Deno.test("canonical() is the same for values that differ in order only", () => {
  fc.assert(fc.property(storable, (value) => canonical(value) === canonical(reordered(value))));
});

Deno.test("canonical() texts are equal exactly where the values are", () => {
  let equal = 0;
  fc.assert(
    fc.property(crowded, crowded, (one, other) => {
      const same = isDeepStrictEqual(one, other);
      if (same) equal++;
      return same === (canonical(one) === canonical(other));
    }),
    { numRuns: 5_000 },
  );
  assertNotEquals(equal, 0);
});

Deno.test("decode() reads canonical texts", () => {
  fc.assert(fc.property(storable, (value) => isDeepStrictEqual(decode(canonical(value)), value)));
});

Deno.test("canonical() tells apart what merely looks alike", () => {
  const values: readonly unknown[] = [
    1,
    "1",
    1n,
    true,
    "true",
    0,
    -0,
    "-0",
    0n,
    NaN,
    "NaN",
    null,
    undefined,
    "undefined",
    "null",
    "",
    [],
    {},
    [undefined],
    [null],
    [[]],
    { a: undefined },
    { a: null },
    { a: 1 },
    { a: "1" },
    new Date(0),
    new Date(0).toISOString(),
    0.5,
    new Date(NaN),
    new Uint8Array([1]),
    new Int8Array([1]),
    [1],
    new Uint8Array([1]).buffer,
    new DataView(new Uint8Array([1]).buffer),
    "AQ==",
    new Map([["a", 1]]),
    [["a", 1]],
    new Map<unknown, unknown>([["a", "1"]]),
    new Set([1]),
    new Set(["1"]),
    "\ud800",
    "\\ud800",
    "\ufffd",
    "a\0",
    "a",
    { $type: "undefined" },
    { $type: "bigint", value: "1" },
    { $type: "Object", value: { $type: "undefined" } },
    new Error("a"),
    { name: "Error", message: "a" },
    new URL("http://a/"),
    "http://a/",
    /a/,
    "/a/",
    /a/g,
    { ["__proto__"]: 1 },
    { 10: 1, 2: 1 },
    { 10: 1, 2: 1, a: 1 },
    "ä",
    "a\u0308",
  ];
  const texts = new Map<string, unknown>();
  for (const value of values) {
    const text = canonical(value);
    assertEquals(texts.has(text), false, `${text} stands for ${String(texts.get(text))} too`);
    texts.set(text, value);
  }
});

Deno.test("canonical() of JSON is JSON with sorted keys", () => {
  assertEquals(
    canonical({ b: [1, { d: null, c: "x" }], a: 1e21 }),
    '{"a":1e+21,"b":[1,{"c":"x","d":null}]}',
  );
});

Deno.test("canonical() names the place of what has no stored form", () => {
  const row: Record<string, unknown> = {};
  row["metadata"] = { self: row };
  assertThrows(() => canonical(row, "row"), EncodingError, "row.metadata.self cannot be stored");
  assertThrows(() => canonical([new Set([parseInt])], "row"), EncodingError, "row[0][0]");
  let deep: unknown = 1;
  for (let level = 0; level < 50_000; level++) deep = [deep];
  assertThrows(() => canonical(deep), EncodingError, "deeper than 1000 levels");
});
