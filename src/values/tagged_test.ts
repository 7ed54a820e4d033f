import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import { decode, encode, EncodingError, toTagged } from "./tagged.ts";
import { storable } from "./testing/arbitrary.ts";

Deno.test("decode() makes an equal value of what encode() wrote", () => {
  fc.assert(fc.property(storable, (value) => isDeepStrictEqual(decode(encode(value)), value)), {
    numRuns: 2_000,
  });
});

Deno.test("encode() writes JSON values as JSON.stringify() does", () => {
  fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    const json = JSON.stringify(value).replaceAll("-0", "0");
    assertEquals(encode(JSON.parse(json)), JSON.stringify(JSON.parse(json)));
  }));
});

Deno.test("encode() has one documented form for each thing that JSON lacks", () => {
  const forms: readonly (readonly [unknown, string])[] = [
    [undefined, '{"$type":"undefined"}'],
    [-0, '{"$type":"number","value":"-0"}'],
    [NaN, '{"$type":"number","value":"NaN"}'],
    [-Infinity, '{"$type":"number","value":"-Infinity"}'],
    [12n, '{"$type":"bigint","value":"12"}'],
    [new Date(0), '{"$type":"Date","value":"1970-01-01T00:00:00.000Z"}'],
    [new Date(NaN), '{"$type":"Date","value":null}'],
    [new Map([["a", 1n]]), '{"$type":"Map","value":[["a",{"$type":"bigint","value":"1"}]]}'],
    [new Set(["a", 1]), '{"$type":"Set","value":["a",1]}'],
    [new Uint8Array([1, 2]), '{"$type":"Uint8Array","value":"AQI="}'],
    [new Uint8Array([1, 2]).buffer, '{"$type":"ArrayBuffer","value":"AQI="}'],
    [new TypeError("no"), '{"$type":"Error","value":{"name":"TypeError","message":"no"}}'],
    [new URL("https://a.example/"), '{"$type":"URL","value":"https://a.example/"}'],
    [/a\/b/g, '{"$type":"RegExp","value":["a\\\\/b","g"]}'],
    [{ $type: "Date" }, '{"$type":"Object","value":{"$type":"Date"}}'],
  ];
  for (const [value, text] of forms) assertEquals(encode(value), text);
});

Deno.test("a view comes back with its own part of its buffer only", () => {
  const whole = new Uint8Array([1, 2, 3, 4]);
  assertEquals(decode(encode(whole.subarray(1, 3))), new Uint8Array([2, 3]));
  assertEquals(decode(encode(Buffer.from([7]))), new Uint8Array([7]));
});

Deno.test("an error comes back with its name, message and cause", () => {
  const error = decode(encode(new TypeError("outer", { cause: new RangeError("inner") })));
  assert(error instanceof Error && error.cause instanceof Error);
  assertEquals([error.name, error.message], ["TypeError", "outer"]);
  assertEquals([error.cause.name, error.cause.message], ["RangeError", "inner"]);
});

Deno.test("a class instance is stored as its toJSON() or its own properties", () => {
  class Point {
    constructor(readonly x: number, readonly at: Date) {}
  }
  class Money {
    toJSON(): unknown {
      return { cents: 5n };
    }
  }
  assertEquals(decode(encode(new Point(1, new Date(0)))), { x: 1, at: new Date(0) });
  assertEquals(decode(encode([new Money()])), [{ cents: 5n }]);
  assertEquals(decode(encode([Object("text"), Object(1)])), ["text", 1]);
  assertEquals(decode(encode([1, , 3])), [1, undefined, 3]);
});

Deno.test("toTagged() hands back a value of plain JSON as it is", () => {
  const row = { question: "2 + 2?", tags: ["a", { b: null }] };
  assertStrictEquals(toTagged(row), row);
});

Deno.test("toTagged() leaves the value that it was given unchanged", () => {
  const row = { at: new Date(0), list: [1n] };
  toTagged(row);
  assertEquals(row, { at: new Date(0), list: [1n] });
});

Deno.test("encode() names the place of what has no stored form", () => {
  const cyclic: Record<string, unknown> = { metadata: {} };
  cyclic["metadata"] = { list: [1, { self: cyclic }] };
  const cases: readonly (readonly [unknown, string, string])[] = [
    [cyclic, "row.metadata.list[1].self", "contains itself"],
    [{ a: [() => 1] }, "row.a[0]", "a function"],
    [{ "a b": Symbol("s") }, 'row["a b"]', "a symbol"],
    [{ m: new Map([["k", Promise.resolve()]]) }, "row.m[0][1]", "is an await missing?"],
    [{ j: { toJSON: () => ({ f: parseInt }) } }, "row.j.f", "a function (parseInt)"],
  ];
  for (const [value, path, message] of cases) {
    const error = assertThrows(() => encode(value, "row"), EncodingError, message);
    assertEquals(error.path, path);
    assert(error.message.startsWith(`${path} `), error.message);
  }
});

Deno.test("a value that stands in two places is no cycle", () => {
  const shared = { a: 1 };
  assertEquals(decode(encode([shared, shared, { shared }])), [shared, shared, { shared }]);
});

Deno.test("nesting that is too deep is an EncodingError with a short message", () => {
  const deep = (levels: number): unknown => {
    let value: unknown = "bottom";
    for (let level = 0; level < levels; level++) {
      value = level % 2 ? { part: value } : new Map([[1, value]]);
    }
    return value;
  };
  assertEquals(decode(encode(deep(1_000))), deep(1_000));
  const error = assertThrows(() => encode(deep(100_000)), EncodingError, "deeper than 1000 levels");
  assert(error.message.length < 300);
  const text = `${"[".repeat(100_000)}"$type"${"]".repeat(100_000)}`;
  assertThrows(() => decode(text), EncodingError, "nested too deep");
});

Deno.test("decode() says what it cannot read", () => {
  assertThrows(() => decode("{"), EncodingError, 'The stored text is no JSON: "{"');
  assertThrows(() => decode('{"$type":"Later","value":1}'), EncodingError, 'tag "Later"');
  assertThrows(() => decode('{"$type":1}'), EncodingError, "its tag is 1");
  assertThrows(() => decode('{"$type":"toString"}'), EncodingError, 'tag "toString"');
  assertThrows(() => decode('{"$type":"bigint","value":"x"}'), EncodingError);
  assertThrows(() => decode('{"$type":"Float64Array","value":"AQI="}'), EncodingError);
});

Deno.test("encode() of plain rows costs little more than JSON.stringify()", () => {
  const row = {
    question: "What is the capital of France?",
    answer: "Paris",
    tags: ["a", "b"],
    n: 3,
  };
  const ratio = fastest(() => encode(row)) / fastest(() => JSON.stringify(row));
  assert(ratio < 8, `encode() takes ${ratio.toFixed(1)} times as long as JSON.stringify()`);
});

/** The fastest of several rounds: noise only ever makes a round slower. */
function fastest(work: () => unknown): number {
  let best = Infinity;
  for (let round = 0; round < 8; round++) {
    const start = performance.now();
    for (let call = 0; call < 20_000; call++) work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
