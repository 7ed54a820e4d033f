import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { BAD_ROW, isBadRow } from "../evaluation/bad_row.ts";
import { csv } from "./csv.ts";
import { DatasetError } from "./dataset_error.ts";
import { fileOf } from "./testing/files.ts";
import { serve } from "./testing/server.ts";

async function read(text: string, options: Parameters<typeof csv>[1] = {}): Promise<unknown[]> {
  await using file = await fileOf(text);
  return await Array.fromAsync(
    csv(file.path, options),
    (row) => isBadRow(row) ? row[BAD_ROW].error.message.replace(file.path, "FILE") : row,
  );
}

Deno.test("csv() names columns by the first record", async () => {
  assertEquals(await read("question, answer \n2 + 2?,4\n,\n"), [
    { question: "2 + 2?", answer: "4" },
    { question: "", answer: "" },
  ]);
});

Deno.test("csv() takes quoted separators, quotes and line ends, as RFC 4180 has them", async () => {
  assertEquals(await read('a,b\r\n"x, ""y""","1\r\n\r\n2\n3"\r\n"",""""\r\n'), [
    { a: 'x, "y"', b: "1\r\n\r\n2\n3" },
    { a: "", b: '"' },
  ]);
});

Deno.test("csv() takes a byte order mark, blank lines, and no newline at the end", async () => {
  assertEquals(await read('\ufeff"a",b\n\n1,2\r\n\r\n3,"4"'), [{ a: "1", b: "2" }, {
    a: "3",
    b: "4",
  }]);
  for (const text of ["", "\ufeff", "\n\n", "a,b", "a,b\r\n"]) assertEquals(await read(text), []);
});

Deno.test("csv() reads other separators, and files without names", async () => {
  assertEquals(await read('a\tb\n1,5\t"x\ty"', { separator: "\t" }), [{ a: "1,5", b: "x\ty" }]);
  assertEquals(await read("1,2", { columns: ["a", "__proto__"] }), [
    Object.fromEntries([["a", "1"], ["__proto__", "2"]]),
  ]);
  assertThrows(() => csv("x.csv", { separator: '"' }), TypeError, "cannot separate fields");
});

Deno.test("csv() names the line on which a malformed record starts, and goes on behind it", async () => {
  assertEquals(await read('a,b\n"1\n1",2\n5" pipe,x\n"x"y,2\n1\n1,2,3\n8,9\n'), [
    { a: "1\n1", b: "2" },
    "FILE, line 4: a quote stands inside an unquoted field, in column 2.",
    "FILE, line 5: text follows the closing quote of a field, in column 4.",
    "FILE, line 6: the record has 1 field, and there are 2 columns (a,b).",
    "FILE, line 7: the record has 3 fields, and there are 2 columns (a,b).",
    { a: "8", b: "9" },
  ]);
});

Deno.test("csv() loses one line, not the file, to a quote that is never closed", async () => {
  const unclosed = (line: number) => `FILE, line ${line}: a quoted field is not closed.`;
  assertEquals(await read('a,b\n1,"2\n3,4\n5,6\n'), [unclosed(2), { a: "3", b: "4" }, {
    a: "5",
    b: "6",
  }]);
  assertEquals(await read('a,b\n1,"2\n3,4\n5,"6"\n7,"8'), [
    unclosed(2),
    { a: "3", b: "4" },
    { a: "5", b: "6" },
    unclosed(5),
  ]);
});

Deno.test("a bad row of csv() carries its whole text", async () => {
  await using file = await fileOf('a,b\r\n"x\r\ny"\r\n');
  const [bad] = await Array.fromAsync(csv(file.path));
  assert(isBadRow(bad));
  assertEquals(bad[BAD_ROW].text, '"x\r\ny"');
});

Deno.test("csv() ends with an error where the first record names no columns", async () => {
  await using file = await fileOf("a,b, a\n1,2,3\n");
  const error = await assertRejects(
    () => Array.fromAsync(csv(file.path)),
    DatasetError,
    `${file.path}, line 1: the column "a" is named twice`,
  );
  assertEquals([error.code, error.line], ["dataset-header", 1]);
  await assertRejects(
    () => read('a,"b\n1,2'),
    DatasetError,
    "not closed, in the names of the columns",
  );
});

Deno.test("csv() reads over HTTP and names a status", async () => {
  await using server = serve(({ url }) =>
    url.endsWith("ok.csv") ? new Response("a\n1\n") : new Response("", { status: 500 })
  );
  assertEquals(await Array.fromAsync(csv(`${server.url}ok.csv`, { cache: false })), [{ a: "1" }]);
  const error = await assertRejects(
    () => Array.fromAsync(csv(`${server.url}no.csv`, { cache: false })),
    DatasetError,
  );
  assertStringIncludes(error.message, "500 Internal Server Error");
});

Deno.test("csv() closes the file when the iteration is left early or the header is bad", {
  sanitizeResources: true,
}, async () => {
  await using file = await fileOf(`a\n${"1\n".repeat(100_000)}`);
  for await (const row of csv(file.path)) {
    assertEquals(row, { a: "1" });
    break; // the sanitizer fails the test if the file stays open
  }
  await Deno.writeTextFile(file.path, `a,a\n${"1,1\n".repeat(100_000)}`);
  await assertRejects(
    async () => await csv(file.path)[Symbol.asyncIterator]().next(),
    DatasetError,
  );
});

Deno.test("csv() reads a field of 10 MB", async () => {
  const [row] = await read(`a,b\n"${'xxxx""\n""xxxxxxxxx'.repeat(600_000)}",1\n`);
  assertEquals(Object.values(row as Record<string, string>).map((value) => value.length), [
    9_600_000,
    1,
  ]);
});

Deno.test("csv() reads what any writer of RFC 4180 wrote", async () => {
  const value = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "ü", "😀") });
  const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(value, value)),
      fc.constantFrom("\n", "\r\n"),
      async (rows, end) => {
        const lines = [["a", "b"], ...rows].map((row) => row.map(quote).join(",") + end);
        assertEquals(await read(lines.join("")), rows.map(([a, b]) => ({ a, b })));
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("csv() says that lines end with carriage returns alone, instead of giving no rows", async () => {
  await using file = await fileOf("a,b\r1,2\r3,4\r");
  const error = await assertRejects(() => Array.fromAsync(csv(file.path)), DatasetError);
  assertEquals(error.code, "dataset-header");
  assert(error.message.includes("a carriage return stands inside an unquoted field"));
});
