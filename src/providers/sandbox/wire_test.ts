import { assertEquals } from "@std/assert";
import { parseLine, toWire } from "./wire.ts";

function back(value: unknown): unknown {
  return parseLine(JSON.stringify(toWire(value)));
}

Deno.test("values come out of the wire as they went in", () => {
  for (
    const value of [
      null,
      "text",
      { a: [1, { b: new Uint8Array([1, 2, 255]) }] },
      { $bytes: "AAAA" },
      { $value: { $bytes: 5 }, more: [new Uint8Array()] },
      [{ $value: 1 }],
    ]
  ) assertEquals(back(value), value);
});

Deno.test("toWire() makes no copy of what is JSON already", () => {
  const value = { a: [1, { b: "c" }] };
  assertEquals(toWire(value) === value, true);
});

Deno.test("parseLine() leaves out what is said about prototypes, in each spelling", () => {
  for (const key of ["__proto__", "\\u005f_proto__"]) {
    const value = parseLine(`{"a":1,"b":{"${key}":{"polluted":1}},"${key}":{"polluted":1}}`);
    assertEquals(value, { a: 1, b: {} });
    assertEquals(Reflect.get(Object(value), "polluted"), undefined);
  }
});
