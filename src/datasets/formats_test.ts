import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createClient } from "@libsql/client";
import { fromFileUrl } from "@std/path/from-file-url";
import { parquetMetadata } from "hyparquet";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { BAD_ROW, isBadRow } from "../evaluation/bad_row.ts";
import { csv } from "./csv.ts";
import { DatasetError, type DatasetErrorCode } from "./dataset_error.ts";
import { json } from "./json.ts";
import { JsonElements } from "./json_elements.ts";
import { jsonl } from "./jsonl.ts";
import { parquet } from "./parquet.ts";
import { sql } from "./sql.ts";
import { fileOf, filesIn } from "./testing/files.ts";
import { serve } from "./testing/server.ts";

async function refused(
  rows: AsyncIterable<unknown>,
  code: DatasetErrorCode,
  message: string,
): Promise<DatasetError> {
  const error = await assertRejects(() => Array.fromAsync(rows), DatasetError, message);
  assertEquals(error.code, code);
  return error;
}

function parquetOf(count: number): Uint8Array {
  const numbers = Array.from({ length: count }, (_, n) => n);
  return new Uint8Array(parquetWriteBuffer({
    columnData: [
      { name: "n", data: numbers.map(BigInt), type: "INT64" },
      { name: "text", data: numbers.map((n) => `ü ${n}`), type: "STRING" },
      { name: "large", data: numbers.map((n) => 2n ** 60n + BigInt(n)), type: "INT64" },
    ],
    rowGroupSize: 100,
  }));
}

const parquetRow = (n: number) => ({ n, text: `ü ${n}`, large: 2n ** 60n + BigInt(n) });

Deno.test("json() yields the elements of the document's array, or of one within it", async () => {
  await using file = await fileOf('\ufeff[{"a": 1},\n {"a": "x\\u0000"}, 3]\n');
  assertEquals<unknown[]>(await Array.fromAsync(json(file.path)), [{ a: 1 }, { a: "x\0" }, 3]);
  await using nested = await fileOf('{"data": {"items": [{"a": 1}]}}');
  assertEquals(await Array.fromAsync(json(nested.url, { at: "data.items" })), [{ a: 1 }]);
});

Deno.test("json() makes an element that is no JSON an item with an error, and goes on behind it", async () => {
  const document = '[{"a": 1},\n {"a" 2},\n  "x,\n{"a": 3}, , {"a": 4]\n,{"a": "\\"],"},5,]';
  await using file = await fileOf(document);
  const found = await Array.fromAsync(json<unknown>(file.path), (row) => {
    const { error, text } = isBadRow(row) ? row[BAD_ROW] : {};
    return error instanceof DatasetError ? [error.line, error.message, text] : row;
  });
  const element = (line: number, number: number) =>
    `${file.path}, line ${line}: element ${number} is no JSON: `;
  const [one, two, three, ...others] = found;
  assertEquals(one, { a: 1 });
  assert(Array.isArray(two) && Array.isArray(three));
  assertEquals([two[0], two[2]], [2, '{"a" 2}']);
  assert(String(two[1]).startsWith(element(2, 2)));
  assert(String(three[1]).startsWith(element(3, 3)));
  assertEquals(others.filter((row) => !Array.isArray(row)), [{ a: '"],' }, 5]);
  await using bytes = await fileOf(new Uint8Array([91, 10, 34, 0xff, 34, 44, 50, 93]));
  const [bad, two2] = await Array.fromAsync(json<unknown>(bytes.path));
  assert(isBadRow(bad));
  assert(bad[BAD_ROW].error.message.includes("line 2: element 1 is not UTF-8"));
  assertEquals(two2, 2);
});

Deno.test("json() says where there is no array, or where a document ends too early", async () => {
  const cases = [
    ["", undefined, "line 1: it is empty"],
    ['{"a": {}}', undefined, "the document is no array"],
    ['{"a": {}}', "a.b", "no array at a.b"],
    ['{"a": {}}', "toString", "no array at toString"],
    ['{"b": {"a": [1]}, "c": "a"}', "a", "no array at a"],
    ['{"a": [1], "b"', "b", "it ends before the array"],
    ['[1,\n{"a": [2]', undefined, "line 2: it ends inside of element 2"],
    ['[1,\n{"a": "x},\n{"a": 2}]', undefined, "line 2: it ends inside of element 2"],
    ["[1,", undefined, "it ends inside of the array"],
    ["[1}", undefined, "the array is closed by a brace"],
    ["[1]\n[2]", undefined, "line 2: something follows the end of the document"],
    ['{"a": [1], "b": {', "a", "it ends too early"],
  ] as const;
  for (const [document, at, message] of cases) {
    await using file = await fileOf(document);
    const rows = json(file.path, at === undefined ? {} : { at });
    await refused(rows, "dataset-unreadable", message);
  }
});

Deno.test("json() reads any document as JSON.parse does, however it is cut into chunks", () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { maxLength: 6 }),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.nat(2),
      fc.integer({ min: 1, max: 9 }),
      (rows, beside, indent, size) => {
        const document = { before: beside, 'a"\n': { ...beside, "ü": rows }, behind: beside };
        const bytes = new TextEncoder().encode(JSON.stringify(document, null, indent));
        const elements = new JsonElements(['a"\n', "ü"]);
        const found: unknown[] = [];
        for (let at = 0; at < bytes.length; at += size) {
          for (const element of elements.take(bytes.subarray(at, at + size))) {
            found.push(JSON.parse(new TextDecoder().decode(element.bytes)));
          }
        }
        elements.end();
        assertEquals(found, JSON.parse(JSON.stringify(rows)));
      },
    ),
  );
});

Deno.test("each format is unpacked where it is gzip, from files and servers", async () => {
  const packed = (text: string | Uint8Array) => new Uint8Array(gzipSync(text));
  await using lines = await fileOf(packed('{"a":1}\nnonsense\n'));
  const [row, bad] = await Array.fromAsync(jsonl(lines.path));
  assertEquals(row, { a: 1 });
  assert(isBadRow(bad));
  await using table = await fileOf(packed("a\n1\n"));
  assertEquals(await Array.fromAsync(csv(table.path)), [{ a: "1" }]);
  await using columns = await fileOf(packed(parquetOf(2)));
  assertEquals<unknown[]>(await Array.fromAsync(parquet(columns.path)), [0, 1].map(parquetRow));
  await using server = serve(() => new Response(packed("[1,2]")));
  const remote = json(`${server.url}rows.json.gz`, { cache: false });
  assertEquals<unknown[]>(await Array.fromAsync(remote), [1, 2]);
});

Deno.test("a gzip file of several members is read to its end, and one that was cut off is an error", async () => {
  const members = [gzipSync('{"a":1}\n'), gzipSync('{"a":2}\n')];
  await using several = await fileOf(new Uint8Array(Buffer.concat(members)));
  assertEquals(await Array.fromAsync(jsonl(several.path)), [{ a: 1 }, { a: 2 }]);
  const long = gzipSync(Array.from({ length: 1000 }, (_, a) => JSON.stringify({ a })).join("\n"));
  await using cut = await fileOf(new Uint8Array(long.subarray(0, long.length - 500)));
  await refused(jsonl(cut.path), "dataset-unreadable", "breaks off after line");
});

Deno.test("parquet() reads one row group after the other, with numbers where they are exact", async () => {
  await using file = await fileOf(parquetOf(250));
  const rows = await Array.fromAsync(parquet(file.path));
  assertEquals<unknown[]>(rows, Array.from({ length: 250 }, (_, n) => parquetRow(n)));
  const [first] = await Array.fromAsync(parquet(file.url, { columns: ["n"] }));
  assertEquals(first, { n: 0 });
});

Deno.test("parquet() reads every compression and kind of column as what it is", async () => {
  const columnData: ColumnSource[] = [
    { name: "share", data: [1.5, Infinity], type: "DOUBLE" },
    { name: "is", data: [true, null], type: "BOOLEAN" },
    { name: "bytes", data: [new Uint8Array([255, 0]), new Uint8Array()], type: "BYTE_ARRAY" },
    { name: "at", data: [new Date(0), new Date(1.7e12)], type: "TIMESTAMP" },
    { name: "record", data: [{ a: [1] }, null], type: "JSON" },
    { name: "word", data: ["ü", "ü"], type: "STRING" },
  ];
  const rows = [0, 1].map((row) =>
    Object.fromEntries(columnData.map(({ name, data }) => [name, data[row]]))
  );
  const packing = {
    GZIP: gzipSync,
    BROTLI: brotliCompressSync,
    ZSTD: zstdCompressSync,
    SNAPPY: undefined,
    UNCOMPRESSED: undefined,
  } as const;
  for (
    const [codec, pack] of Object.entries(packing) as [keyof typeof packing, typeof gzipSync][]
  ) {
    const compressors = pack && { [codec]: (bytes: Uint8Array) => new Uint8Array(pack(bytes)) };
    const bytes = parquetWriteBuffer({
      columnData,
      codec,
      ...compressors && { compressors },
    });
    await using file = await fileOf(new Uint8Array(bytes));
    assertEquals<unknown[]>(await Array.fromAsync(parquet(file.path)), rows, codec);
  }
});

Deno.test("parquet() says where a download broke off", async () => {
  await using server = serve(() =>
    new Response(
      new ReadableStream({
        start: (stream) => stream.enqueue(new Uint8Array(10)),
        pull: (stream) => stream.error(new Error("gone")),
      }),
    )
  );
  await refused(
    parquet(`${server.url}rows.parquet`, { cache: false }),
    "dataset-unreadable",
    `The dataset ${server.url}rows.parquet breaks off`,
  );
});

Deno.test("parquet() yields the rows before a row group that is damaged, and names its rows", async () => {
  const bytes = parquetOf(250);
  const [, second] = parquetMetadata(new Uint8Array(bytes).buffer).row_groups;
  const at = Number(second?.columns[1]?.meta_data?.data_page_offset);
  bytes.fill(0xff, at, at + 100);
  await using file = await fileOf(bytes);
  const found: unknown[] = [];
  const error = await assertRejects(async () => {
    for await (const row of parquet(file.path)) found.push(row);
  }, DatasetError);
  assertEquals(found.length, 100);
  assert(error.message.includes(`${file.path} cannot be read: its rows 101 to 200 cannot be`));
});

Deno.test("parquet() refuses what is no Parquet file, or not there", async () => {
  await using other = await fileOf("no Parquet file at all");
  await refused(parquet(other.path), "dataset-unreadable", "it is no Parquet file");
  await refused(parquet("no/such.parquet"), "dataset-missing", "There is no dataset at");
});

Deno.test("parquet() leaves no copy behind, whenever its process ends", async () => {
  const folder = await Deno.makeTempDir();
  await using file = await fileOf(parquetOf(3));
  await using other = await fileOf("no Parquet file at all");
  await using packed = await fileOf(new Uint8Array(gzipSync(parquetOf(3))));
  // In a process of its own: others make temporary files in this one.
  const program = fromFileUrl(new URL("./testing/end_early.ts", import.meta.url));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, packed.path, file.path, other.path],
    env: { TMPDIR: folder },
    stderr: "inherit",
  }).output();
  await Deno.remove(folder, { recursive: true });
  assertEquals(JSON.parse(new TextDecoder().decode(stdout)), [0, 0, 0]);
});

Deno.test("sql() yields the rows of a query, which changes nothing", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/cities.db`;
  try {
    const client = createClient({ url: `file:${path}` });
    await client.executeMultiple(
      "CREATE TABLE city (name TEXT, people INT, flag BLOB);" +
        "INSERT INTO city VALUES ('Oslo', 7, x'01ff'), ('Rome', 1152921504606846976, NULL)",
    );
    client.close();
    const query = "SELECT * FROM city ORDER BY name";
    const rows = [
      { name: "Oslo", people: 7, flag: new Uint8Array([1, 255]) },
      { name: "Rome", people: 2n ** 60n, flag: null },
    ];
    assertEquals<unknown[]>(await Array.fromAsync(sql(path, { query })), rows);
    const some = sql(`file:${path}`, {
      query: "SELECT name FROM city WHERE people = :n",
      args: { n: 7 },
    });
    assertEquals(await Array.fromAsync(some), [{ name: "Oslo" }]);
    await refused(
      sql(path, { query: "SELECT x FROM city" }),
      "dataset-unreadable",
      "no such column",
    );
    const refusals = [
      ["DELETE FROM city", "it gives no rows"],
      ["DELETE FROM city RETURNING name", "readonly database"],
      ["ATTACH 'other.db' AS other", "it gives no rows"],
      ["SELECT 1 AS a, 2 AS a", 'two columns are named "a"'],
    ] as const;
    for (const [query, message] of refusals) {
      await refused(sql(path, { query }), "dataset-unreadable", message);
    }
    assertEquals((await Array.fromAsync(sql(path, { query }))).length, 2);
    await refused(sql(`${folder}/no.db`, { query }), "dataset-missing", "There is no database");
    assertEquals((await filesIn(folder)).includes("no.db"), false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("sql() ends at once where nobody waits for the next row, and leaves no thread behind", async () => {
  await using file = await fileOf("");
  const endless = "WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c)";
  for await (const row of sql<{ n: number }>(file.path, { query: `${endless} SELECT n FROM c` })) {
    if (row.n === 700) break;
  }
  const silent = sql(file.path, { query: `${endless} SELECT count(*) FROM c` });
  const rows = silent[Symbol.asyncIterator]();
  const next = rows.next();
  await rows.return?.();
  assertEquals((await next).done, true);
});

async function memoryOf(args: readonly string[]): Promise<{ rows: number; peak: number }> {
  const program = fromFileUrl(new URL("./testing/peak_memory.ts", import.meta.url));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, ...args],
    stderr: "inherit",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test({
  name: "json() and sql() hold a part of the rows in memory, however many there are",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const query = (count: number) =>
      "WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c LIMIT " +
      `${count}) SELECT n, hex(zeroblob(1000)) AS text FROM c`;
    const document = (count: number) => `[${Array(count).fill(`"${"x".repeat(2000)}"`).join()}]`;
    await using database = await fileOf("");
    await using few = await fileOf(document(500));
    await using many = await fileOf(document(80_000)); // 160 MB
    const [small, large] = [
      [await memoryOf(["json", few.path]), await memoryOf(["sql", database.path, query(500)])],
      [await memoryOf(["json", many.path]), await memoryOf(["sql", database.path, query(80_000)])],
    ];
    assertEquals(large.map(({ rows }) => rows), [80_000, 80_000]);
    for (const [place, { peak }] of large.entries()) {
      assert(peak < (small[place]?.peak ?? NaN) + 100, `${peak} MB`);
    }
  },
});

Deno.test("a checksum refuses changed data before the first row", async () => {
  await using file = await fileOf('{"a":1}\n');
  const sha256 = hash("sha256", '{"a":1}\n', "hex");
  const rows = jsonl(file.path, { sha256: sha256.toUpperCase() });
  assertEquals(await Array.fromAsync(rows), [{ a: 1 }]);
  await Deno.writeTextFile(file.path, '{"a":1}\n{"a":2}\n');
  let yielded = 0;
  const error = await assertRejects(
    async () => {
      for await (const _ of rows) yielded++;
    },
    DatasetError,
    `The dataset ${file.path} has changed`,
  );
  assertEquals([error.code, yielded], ["dataset-changed", 0]);
  await assertRejects(() => Array.fromAsync(jsonl(file.path, { sha256: "abc" })), TypeError);
  await using columns = await fileOf(parquetOf(1));
  await refused(parquet(columns.path, { sha256 }), "dataset-changed", "has changed");
  assertThrows(() => csv(file.path, { sha256, separator: "" }), TypeError);
});
