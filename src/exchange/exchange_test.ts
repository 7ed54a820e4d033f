import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { DotevalsError } from "../errors.ts";
import { demoStorage, fill, fillCalls } from "../report/testing/filled_storage.ts";
import type { Storage } from "../storage/storage.ts";
import type { ItemKey } from "../storage/stored_record.ts";
import { encode } from "../values/tagged.ts";
import { storable } from "../values/testing/arbitrary.ts";
import { FORMATS } from "./format.ts";
import { emptyStorage, exported, importBytes } from "./testing/exported.ts";

const decoder = new TextDecoder();

/** An experiment with all that there can be: calls, metadata, what is gone, values as of earlier. */
async function richStorage(): Promise<Storage> {
  const storage = await demoStorage();
  await fillCalls(storage);
  await fill(storage, "rich", [{
    name: "ri,ch",
    variant: { model: "echo:", n: 5n, when: new Date(0) },
    records: [
      {
        row: encode({ "a.b": "=1+1", "1": "5", n: 5, missing: undefined, __proto__x: null }),
        prompt: encode([{ role: "user", content: "hi\r\nthere\t!" }]),
        response: encode(""),
        metadata: encode({ big: 12n }),
        scores: [
          { name: "score", value: "true", metadata: encode({ why: "because" }) },
          { name: "5", value: -0, metadata: undefined },
          { name: "parts", value: { a: true, b: null }, metadata: undefined },
        ],
        startedAt: 1_700_000_000_123,
      },
      {
        row: encode(["no", "names"]),
        error: { name: "5", message: "", stack: undefined },
        prompt: encode(null),
      },
      { row: encode({ n: 2 }), key: "b".repeat(32) as ItemKey },
    ],
    metrics: [{ score: "parts", metric: "own", parameters: { deep: [1, { a: null }] } }],
    items: 9,
    status: "incomplete",
    async also(session, id) {
      await session.mark(id, [{ key: "b".repeat(32) as ItemKey, repeat: 0 }], true);
    },
  }]);
  return storage;
}

for (const format of FORMATS) {
  Deno.test(`export, import and export again give the same ${format}`, async () => {
    await using storage = await richStorage();
    for (const name of ["demo", "calls", "rich"]) {
      await using other = await emptyStorage();
      const first = await exported(storage, name, format);
      const outcome = await importBytes(other, first, { name, format });
      assertEquals(outcome.notices, []);
      const again = await exported(other, name, format);
      if (format === "parquet") assertEquals(again, first);
      else assertEquals(decoder.decode(again), decoder.decode(first));
      // All but csv carry everything, whatever the form.
      if (format === "csv") continue;
      assertEquals(
        decoder.decode(await exported(other, name, "jsonl")),
        decoder.decode(await exported(storage, name, "jsonl")),
      );
      assertEquals((await other.experiments()).map((own) => own.name), [name]);
    }
  });

  Deno.test(`any value comes back from ${format} as it went in`, async () => {
    const text = fc.string({ unit: "binary", maxLength: 20 });
    const record = fc.record({
      row: fc.dictionary(text, storable, { minKeys: 1, maxKeys: 3 }),
      prompt: fc.oneof(text, storable),
      response: text,
      score: fc.oneof(text, fc.double(), fc.boolean()),
      message: text,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 3, minLength: 1 }), async (records) => {
        await using storage = await emptyStorage();
        await fill(storage, "any", [{
          name: "any",
          records: records.map(({ row, prompt, response, score, message }, at) => ({
            row: encode(row),
            prompt: encode(prompt),
            response: encode(response),
            ...at === 1
              ? { error: { name: "Error", message, stack: message } }
              : { scores: [{ name: "s", value: score, metadata: undefined }] },
          })),
        }]);
        await using other = await emptyStorage();
        const bytes = await exported(storage, "any", format);
        await importBytes(other, bytes, { name: "any", format });
        const [own, copy] = await Promise.all([recordsOf(storage), recordsOf(other)]);
        assertEquals(copy, own);
      }),
      { numRuns: 60 },
    );
  });
}

/** The records of the only evaluation; the order of a row's columns is not kept by all formats. */
async function recordsOf(storage: Storage): Promise<unknown> {
  const [evaluation] = await storage.evaluations("any");
  if (evaluation === undefined) throw new TypeError("There is no evaluation.");
  const records = await Array.fromAsync(storage.records(evaluation.id));
  return records.map(({ row, evaluation: _, ...rest }) => ({ ...rest, row: JSON.parse(row) }));
}

Deno.test("every line is what its schema says", async () => {
  const url = new URL("../../docs/schema/lines.schema.json", import.meta.url);
  const schema: Record<string, unknown> = JSON.parse(await Deno.readTextFile(url));
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);
  await using storage = await richStorage();
  for (const name of ["demo", "calls", "rich"]) {
    const lines = decoder.decode(await exported(storage, name, "jsonl")).trimEnd().split("\n");
    for (const line of lines) {
      assertEquals(validate(JSON.parse(line)) ? [] : validate.errors, [], line);
    }
  }
  assertEquals(validate({ type: "result", evaluation: "no more" }), false);
});

Deno.test("an import says in which file and line something is wrong, and imports nothing", async () => {
  await using storage = await richStorage();
  const lines = decoder.decode(await exported(storage, "demo", "jsonl")).trimEnd().split("\n");
  const problems: Readonly<Record<string, string>> = {
    '"position":1,': '"position" is not a whole number, 0 or more: it is -1',
    '"type":"result"': '"type" is neither',
    '"startedAt":"19': '"startedAt" is not a time',
    '"key":"': '"key" is "x000',
    "{": "it is no JSON",
  };
  for (const [found, problem] of Object.entries(problems)) {
    const broken = lines.with(3, lines[3]?.replace(found, replacement(found)) ?? "");
    await using other = await emptyStorage();
    const bytes = new TextEncoder().encode(broken.join("\n"));
    const error = await assertRejects(
      () => importBytes(other, bytes, { name: "demo", format: "jsonl" }),
      DotevalsError,
    );
    assertStringIncludes(error.message, ".jsonl, line 4: ");
    assertStringIncludes(error.message, problem);
    assertEquals(await other.experiments(), []);
  }
});

function replacement(found: string): string {
  if (found === '"key":"') return '"key":"x';
  if (found === "{") return "";
  if (found === '"startedAt":"19') return '"startedAt":"x19';
  return found === '"position":1,' ? '"position":-1,' : '"type":"rseult"';
}

Deno.test("a document that is broken or torn off is an error that names the line", async () => {
  await using storage = await richStorage();
  const text = decoder.decode(await exported(storage, "demo", "json"));
  const lines = text.split("\n");
  for (
    const [broken, problem] of [
      [text.slice(0, text.length / 2), /\.json, line \d+: /],
      [lines.with(3, "{,},").join("\n"), /\.json, line 4: it is no JSON/],
      [lines.with(3, "5,").join("\n"), /\.json, line 4: there is no object/],
      ['{"a": 1}', /\.json, line 1: /],
    ] as const
  ) {
    await using other = await emptyStorage();
    const bytes = new TextEncoder().encode(broken);
    const error = await assertRejects(
      () => importBytes(other, bytes, { name: "demo", format: "json" }),
      DotevalsError,
    );
    assertMatch(error.message, problem);
    assertEquals(await other.experiments(), []);
  }
});

Deno.test("an evaluation whose file is torn off between lines is incomplete, and a file of nothing an error", async () => {
  await using storage = await emptyStorage();
  await fill(storage, "demo", [{
    name: "sums",
    records: [1, 2, 3].map((n) => ({ row: encode(n) })),
  }]);
  const text = decoder.decode(await exported(storage, "demo", "jsonl"));
  await using other = await emptyStorage();
  const torn = new TextEncoder().encode(text.trimEnd().split("\n").slice(0, -1).join("\n"));
  const { notices } = await importBytes(other, torn, { name: "torn", format: "jsonl" });
  assertEquals(notices, [
    "Results of 1 item are missing; evaluations that lack some are incomplete.",
  ]);
  const [sums] = await other.evaluations("torn");
  assertEquals([sums?.status, sums?.completed, sums?.items], ["incomplete", 2, 3]);
  for (const format of ["jsonl", "csv"] as const) {
    const error = await assertRejects(
      () => importBytes(other, new Uint8Array(), { name: "nothing", format }),
      DotevalsError,
    );
    assertStringIncludes(error.message, `.${format}: it is empty`);
  }
});

Deno.test("what a killed run has written with the reporter jsonl is incomplete", async () => {
  await using storage = await emptyStorage();
  await fill(storage, "demo", [{ name: "sums", records: [{}] }]);
  const text = decoder.decode(await exported(storage, "demo", "jsonl"));
  const killed = text.split("\n").filter((line) => !line.startsWith('{"type":"evaluation"'));
  const bytes = new TextEncoder().encode(killed.join("\n"));
  const { notices } = await importBytes(storage, bytes, { name: "killed", format: "jsonl" });
  assertEquals(notices, [
    "Of 1 evaluation there are results and no more, as of a run that was killed: incomplete.",
  ]);
  const [sums] = await storage.evaluations("killed");
  assertEquals([sums?.status, sums?.completed], ["incomplete", 1]);
});

Deno.test("csv is read strictly, and with columns in any order", async () => {
  await using storage = await emptyStorage();
  const text = "key,evaluation,position,repeat,attempts,startedAt,durationMs,row.n,score.ok\n" +
    `${"a".repeat(32)},e,0,0,1,2026-01-01T00:00:00Z,5,1,true\n`;
  const bytes = new TextEncoder().encode(text);
  await importBytes(storage, bytes, { name: "ok", format: "csv" });
  const [evaluation] = await storage.evaluations("ok");
  assertEquals([evaluation?.status, evaluation?.completed], ["complete", 1]);
  for (
    const [broken, problem] of [
      [text.replace("key,", "kye,"), 'line 1: there is no column "key"'],
      [text.replace(",true", ""), "line 2: it has 8 fields, and there are 9 columns"],
      [text.replace(",e,", ",,"), "line 2: the evaluation is not named"],
    ] as const
  ) {
    const error = await assertRejects(
      () =>
        importBytes(storage, new TextEncoder().encode(broken), { name: "broken", format: "csv" }),
      DotevalsError,
    );
    assertStringIncludes(error.message, problem);
  }
  assertEquals((await storage.experiments()).map(({ name }) => name), ["ok"]);
});

Deno.test("an import leaves an experiment that exists as it is, and clears away what a killed one left", async () => {
  await using storage = await richStorage();
  const before = await exported(storage, "demo", "jsonl");
  const error = await assertRejects(
    () => importBytes(storage, before, { name: "demo", format: "jsonl" }),
    DotevalsError,
  );
  assertEquals(error.code, "experiment-exists");
  assertEquals(await exported(storage, "demo", "jsonl"), before);
  await fill(storage, "copy (unfinished import)", [{ name: "rest", records: [{}] }]);
  await importBytes(storage, before, { name: "copy", format: "jsonl" });
  const names = (await storage.experiments()).map(({ name }) => name).toSorted();
  assertEquals(names, ["calls", "copy", "demo", "rich"]);
  assertEquals((await storage.evaluations("copy")).map(({ name }) => name), [
    "arithmetic",
    "arithmetic",
    "extraction",
  ]);
});

Deno.test("a file of the reporter jsonl, whose evaluations come last, is imported too", async () => {
  await using storage = await richStorage();
  const lines = decoder.decode(await exported(storage, "demo", "jsonl")).trimEnd().split("\n");
  const isLast = (line: string) => line.startsWith('{"type":"evaluation"');
  const streamed = [...lines.filter((line) => !isLast(line)), ...lines.filter(isLast)].join("\n");
  await using other = await emptyStorage();
  await importBytes(other, new TextEncoder().encode(streamed), { name: "demo", format: "jsonl" });
  assertEquals(decoder.decode(await exported(other, "demo", "jsonl")), `${lines.join("\n")}\n`);
});
