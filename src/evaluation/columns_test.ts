import { assertEquals, assertThrows } from "@std/assert";
import { ColumnError, parseColumns, pickColumns } from "./columns.ts";

Deno.test("parseColumns() splits at commas and trims", () => {
  assertEquals(parseColumns(" question , answer"), ["question", "answer"]);
});

Deno.test("parseColumns() refuses empty and repeated names", () => {
  assertThrows(() => parseColumns("a,,b"), TypeError, "Column 2");
  assertThrows(() => parseColumns("a,b,a"), TypeError, '"a" stands twice');
});

Deno.test("pickColumns() picks by name from objects and leaves the rest", () => {
  assertEquals(pickColumns(["b", "a"], { a: 1, b: undefined, c: 3 }, 0), { b: undefined, a: 1 });
});

Deno.test("pickColumns() picks by position from arrays and leaves the rest", () => {
  assertEquals(pickColumns(["a", "b"], [1, 2, 3], 0), { a: 1, b: 2 });
});

Deno.test("pickColumns() takes a single value as the one column", () => {
  assertEquals(pickColumns(["text"], "hello", 0), { text: "hello" });
  assertEquals(pickColumns(["when"], new Date(0), 0), { when: new Date(0) });
});

Deno.test("pickColumns() names the column that is missing, and the row", () => {
  assertThrows(
    () => pickColumns(["a", "answer"], { a: 1, answr: 2 }, 17),
    ColumnError,
    'Row 17 has no column "answer": it has "a", "answr".',
  );
  assertThrows(
    () => pickColumns(["a", "b"], [1], 3),
    ColumnError,
    'Row 3 has no column "b": it holds 1 of 2 values.',
  );
  assertThrows(() => pickColumns(["a", "b"], "x", 3), ColumnError, 'Row 3 has no column "b"');
  assertThrows(() => pickColumns(["toString"], {}, 0), ColumnError, '"toString"');
});

Deno.test("pickColumns() reads getters of classes and a column called __proto__", () => {
  class Row {
    get question() {
      return "1 + 1";
    }
  }
  assertEquals(pickColumns(["question"], new Row(), 0), { question: "1 + 1" });
  const picked = pickColumns(["__proto__"], JSON.parse('{"__proto__": 5}'), 0);
  assertEquals(Object.entries(picked), [["__proto__", 5]]);
});
