import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { BAD_ROW, badRow, isBadRow } from "./bad_row.ts";

Deno.test("badRow() carries the error and the text that could not be read", () => {
  const error = new SyntaxError("no");
  const row = badRow(error, "{broken");
  assert(isBadRow(row));
  assertStrictEquals(row[BAD_ROW].error, error);
  assertEquals(row[BAD_ROW].text, "{broken");
});

Deno.test("reading a column of a bad row throws its error", () => {
  const row: object = badRow(new SyntaxError("no"), "{broken");
  assertThrows(() => Reflect.get(row, "question"), SyntaxError, "no");
  assertThrows(() => Reflect.get(row, "error"), SyntaxError, "no");
});

Deno.test("a bad row can be awaited, printed, and stays one when copied", async () => {
  const row = badRow(new SyntaxError("no"), "{broken");
  assertStrictEquals(await Promise.resolve(row), row);
  assert(Deno.inspect(row).length > 0);
  assert(isBadRow({ ...row, extra: 1 }));
});

Deno.test("isBadRow() knows nothing else", () => {
  for (const value of [null, undefined, {}, [], "row", { error: new Error() }]) {
    assertEquals(isBadRow(value), false);
  }
});
