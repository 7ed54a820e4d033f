import { assertEquals } from "@std/assert";
import { encode } from "../values/tagged.ts";
import { cellOf, jsonOf } from "./cell.ts";

Deno.test("cellOf() leaves texts as they are, but for those that would not be themselves in a table", () => {
  for (
    const text of ["plain", "two\nlines", "a,b", 'say "hi"', "naïve 日本", "not 5", "- 5 % of"]
  ) {
    const isItself = !text.startsWith("-");
    assertEquals(cellOf(encode(text)), isItself ? text : JSON.stringify(text));
  }
  for (
    const text of ["", "5", "true", '"', " {}", "=1", " @x", "\t+1", "＝1", "a\x1b[m", "::error::"]
  ) {
    const cell = cellOf(encode(text));
    assertEquals(JSON.parse(text === '"' ? '"\\""' : cell), text);
  }
  assertEquals([cellOf(encode(5)), cellOf(encode(-5)), cellOf(undefined)], ["5", "-5", ""]);
  assertEquals(cellOf(encode({ n: 5n })), '{"n":{"$type":"bigint","value":"5"}}');
});

Deno.test("jsonOf() undoes cellOf()", () => {
  for (
    const value of ["", "5", 5, "=1", '"', null, undefined, NaN, { a: ["x"] }, "\u202e", "\ud800"]
  ) {
    assertEquals(JSON.stringify(jsonOf(cellOf(encode(value)))), encode(value));
  }
  assertEquals(jsonOf(""), undefined);
});
