import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { BAD_ROW, isBadRow } from "../evaluation/bad_row.ts";
import { DatasetError } from "./dataset_error.ts";
import { jsonl } from "./jsonl.ts";
import { fileOf } from "./testing/files.ts";
import { serve } from "./testing/server.ts";

Deno.test("jsonl() yields one row per line, from paths and URLs", async () => {
  await using file = await fileOf('{"a":1}\n{"a":"ü\\u0000"}\n[1,"x"]\n');
  const rows: unknown[] = [{ a: 1 }, { a: "ü\0" }, [1, "x"]];
  assertEquals(await Array.fromAsync(jsonl(file.path)), rows);
  assertEquals(await Array.fromAsync(jsonl(file.url)), rows);
  assertEquals(await Array.fromAsync(jsonl(file.url.href)), rows);
});

Deno.test("jsonl() takes CRLF, a byte order mark, blank lines, and no newline at the end", async () => {
  await using file = await fileOf('\ufeff{"a":1}\r\n\r\n   \n\n{"a":2}\r\n{"a":3}');
  assertEquals(await Array.fromAsync(jsonl(file.path)), [{ a: 1 }, { a: 2 }, { a: 3 }]);
});

Deno.test("jsonl() keeps characters that are whole only across chunks", async () => {
  const text = `{"a":"${"😀ü".repeat(200_000)}"}`;
  await using file = await fileOf(`${text}\n${text}\n`);
  assertEquals(await Array.fromAsync(jsonl(file.path)), [JSON.parse(text), JSON.parse(text)]);
});

Deno.test("jsonl() reads an empty file as no rows", async () => {
  for (const text of ["", "\n", "\ufeff", "\r\n\r\n"]) {
    await using file = await fileOf(text);
    assertEquals(await Array.fromAsync(jsonl(file.path)), []);
  }
});

Deno.test("jsonl() names the line of a parse error and goes on with the next", async () => {
  await using file = await fileOf('{"a":1}\n\n{"a":\n{"a":2}\nnonsense\n');
  const rows = await Array.fromAsync(jsonl(file.path));
  assertEquals(rows.length, 4);
  assertEquals([rows[0], rows[2]], [{ a: 1 }, { a: 2 }]);
  const bad = rows[1];
  assert(isBadRow(bad));
  const { error, text } = bad[BAD_ROW];
  assert(error instanceof DatasetError);
  assertEquals([error.line, error.path, error.code, text], [3, file.path, "dataset-line", '{"a":']);
  assertStringIncludes(error.message, `${file.path}, line 3: the line is no JSON: `);
  assert(isBadRow(rows[3]) && rows[3][BAD_ROW].text === "nonsense");
});

Deno.test("jsonl() makes a bad row of a line that is not UTF-8, and of no other", async () => {
  const bytes = new TextEncoder().encode('{"a":1}\n{"a":"?"}\n{"a":3}\n');
  bytes[bytes.indexOf(63)] = 0xff;
  await using file = await fileOf(bytes);
  const [first, second, third] = await Array.fromAsync(jsonl(file.path));
  assertEquals([first, third], [{ a: 1 }, { a: 3 }]);
  assert(isBadRow(second));
  assertStringIncludes(second[BAD_ROW].error.message, "line 2: the line is not UTF-8.");
});

Deno.test("jsonl() can be iterated again and again, also side by side", async () => {
  await using file = await fileOf('{"a":1}\n{"a":2}\n');
  const rows = jsonl(file.path);
  const both = await Promise.all([Array.fromAsync(rows), Array.fromAsync(rows)]);
  assertEquals(both, [[{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 2 }]]);
  await Deno.writeTextFile(file.path, '{"a":3}\n');
  assertEquals(await Array.fromAsync(rows), [{ a: 3 }]);
});

Deno.test(
  "jsonl() closes the file when the iteration is left early",
  { sanitizeResources: true },
  async () => {
    await using file = await fileOf('{"a":1}\n'.repeat(100_000));
    for await (const row of jsonl(file.path)) {
      assertEquals(row, { a: 1 });
      break; // the sanitizer fails the test if the file stays open
    }
    const rows = jsonl(file.path)[Symbol.asyncIterator]();
    await rows.return?.();
    assertEquals((await rows.next()).done, true);
  },
);

Deno.test("jsonl() reads a line of 10 MB", async () => {
  const long = "x".repeat(10_000_000);
  await using file = await fileOf(`${JSON.stringify({ long })}\n{"a":2}\n`);
  const [first, second] = await Array.fromAsync(jsonl<{ long: string }>(file.path));
  assertEquals(first?.long.length, long.length);
  assertEquals<unknown>(second, { a: 2 });
});

Deno.test("jsonl() says as given and in full which file is missing, and what to do", async () => {
  const error = await assertRejects(
    () => Array.fromAsync(jsonl("no/such.jsonl")),
    DatasetError,
    `There is no dataset at "no/such.jsonl" (${Deno.cwd()}`,
  );
  assertEquals([error.code, error.path, error.exitCode], ["dataset-missing", "no/such.jsonl", 2]);
  assertStringIncludes(error.hint ?? "", "import.meta.url");
});

Deno.test("jsonl() says what else cannot be read", async () => {
  await using file = await fileOf("");
  const folder = file.path.slice(0, file.path.lastIndexOf("/"));
  await assertRejects(() => Array.fromAsync(jsonl(folder)), DatasetError, "it is a folder");
  await assertRejects(
    () => Array.fromAsync(jsonl("s3://bucket/rows.jsonl")),
    DatasetError,
    'No dataset can be read from "s3://bucket/rows.jsonl".',
  );
});

Deno.test("jsonl() reads over HTTP, with the headers that it is given", async () => {
  await using server = serve((request) =>
    request.headers.get("authorization") === "Bearer x"
      ? new Response('{"a":1}\r\n{"a":2}')
      : new Response("", { status: 401 })
  );
  const rows = jsonl(server.url, { headers: { authorization: "Bearer x" }, cache: false });
  assertEquals(await Array.fromAsync(rows), [{ a: 1 }, { a: 2 }]);
  const refused = await assertRejects(
    () => Array.fromAsync(jsonl(server.url, { cache: false })),
    DatasetError,
  );
  assertStringIncludes(refused.message, "the server answered 401 Unauthorized");
});

Deno.test("jsonl() names the URL of a failed request without its secrets", async () => {
  await using server = serve(() => new Response("", { status: 404 }));
  const url = new URL("rows.jsonl?token=abc", server.url.replace("//", "//user:pass@"));
  const error = await assertRejects(
    () => Array.fromAsync(jsonl(url, { cache: false })),
    DatasetError,
  );
  assertEquals(error.code, "dataset-missing");
  assertStringIncludes(error.message, `${server.url}rows.jsonl?...`);
  assert(!/abc|pass/.test(error.message + error.path));
});

Deno.test("jsonl() says that a server cannot be reached", async () => {
  const server = serve(() => new Response());
  await server[Symbol.asyncDispose]();
  await assertRejects(
    () => Array.fromAsync(jsonl(server.url, { cache: false })),
    DatasetError,
    "cannot be reached",
  );
});

Deno.test("jsonl() yields rows before the answer is whole, and return() ends a stalled one", async () => {
  await using server = serve(() =>
    new Response(
      new ReadableStream({
        start: (body) => body.enqueue(new TextEncoder().encode('{"a":1}\n{"a"')),
      }),
    )
  );
  const rows = jsonl(server.url, { cache: false })[Symbol.asyncIterator]();
  assertEquals((await rows.next()).value, { a: 1 });
  const stalled = rows.next();
  await rows.return?.();
  assertEquals((await stalled).done, true);
});

Deno.test("jsonl() says after which line a connection broke", async () => {
  await using server = serve(() =>
    new Response(
      new ReadableStream({
        start(body) {
          body.enqueue(new TextEncoder().encode('{"a":1}\n{"a":2}\n{"a'));
          setTimeout(() => body.error(new Error("gone")), 0);
        },
      }),
    )
  );
  const error = await assertRejects(
    () => Array.fromAsync(jsonl(server.url, { cache: false })),
    DatasetError,
  );
  assertStringIncludes(error.message, "breaks off after line 2");
});
