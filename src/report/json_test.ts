import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Storage } from "../storage/storage.ts";
import { reportExperiment } from "./experiment_report.ts";
import { listJson, showJson, type ShowJsonOptions } from "./json.ts";
import { demoStorage, fill, fillCalls } from "./testing/filled_storage.ts";

async function schema(name: string): Promise<Record<string, unknown>> {
  const url = new URL(`../../docs/schema/${name}.schema.json`, import.meta.url);
  return JSON.parse(await Deno.readTextFile(url));
}

async function assertMatches(name: string, document: unknown): Promise<void> {
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    await schema(name),
  );
  assert(validate(document), JSON.stringify(validate.errors, null, 2));
}

async function show(
  storage: Storage,
  experiment: string,
  options: ShowJsonOptions = {},
): Promise<string> {
  let text = "";
  const report = await reportExperiment(storage, experiment);
  for await (const piece of showJson(report, storage, options)) text += piece;
  return text;
}

Deno.test("listJson() is what its schema says", async () => {
  await using storage = await demoStorage();
  const experiments = await storage.experiments();
  const document = JSON.parse(listJson(experiments));
  await assertMatches("list", document);
  assertEquals(document, [{
    name: "demo",
    status: "incomplete",
    evaluations: 3,
    items: 1208,
    completed: 10,
    errors: 2,
    createdAt: experiments[0]?.createdAt.toISOString(),
    updatedAt: experiments[0]?.updatedAt.toISOString(),
  }]);
  assertEquals(JSON.parse(listJson([])), []);
});

Deno.test("showJson() is what its schema says, with and without records", async () => {
  await using storage = await demoStorage();
  for (const records of [undefined, "all", "errors"] as const) {
    await assertMatches("show", JSON.parse(await show(storage, "demo", { records })));
  }
});

Deno.test("showJson() holds counts, metrics and details, and the records that were asked for", async () => {
  await using storage = await demoStorage();
  const { version, experiment, evaluations } = JSON.parse(
    await show(storage, "demo", { records: "all" }),
  );
  assertEquals([version, experiment, evaluations.length], [1, "demo", 3]);
  const [first, , third] = evaluations;
  const { records, ...fields } = first;
  assertEquals(fields, {
    name: "arithmetic",
    variant: { model: "echo:" },
    status: "complete",
    items: 5,
    completed: 5,
    errors: 2,
    gone: 0,
    metrics: { exactMatch: { accuracy: 0.4 } },
    details: {},
    asOf: {},
    calls: [],
  });
  assertEquals(records.length, 5);
  assertEquals(records[3], {
    key: "00000000000000000000000000000003",
    position: 3,
    repeat: 0,
    row: { n: 3 },
    prompt: null,
    response: null,
    scores: {},
    error: { name: "TypeError", message: "boom", stack: "TypeError: boom\n    at x.ts:1:1" },
    attempts: 3,
    startedAt: "1970-01-01T00:00:00.000Z",
    durationMs: 5,
    calls: [],
  });
  assertEquals(third.metrics.f1.median, 0.5);
  assertEquals(third.details, { f1: { median: { interval: [0, 1] } } });
  assertEquals(third.asOf, { f1: { median: { results: 2, of: 3 } } });
});

Deno.test("showJson() holds what calls took, added up and of each, as its schema says", async () => {
  await using storage = await demoStorage();
  await fillCalls(storage);
  const document = JSON.parse(await show(storage, "calls", { records: "all" }));
  await assertMatches("show", document);
  const [{ calls, records }] = document.evaluations;
  assertEquals(calls, [
    {
      model: "judge",
      calls: 1,
      failed: 1,
      inputTokens: null,
      outputTokens: null,
      cachedTokens: null,
      reasoningTokens: null,
      priced: 0,
      cost: null,
      meanLatencyMs: null,
    },
    {
      model: "openai:gpt-4o-mini",
      calls: 2,
      failed: 0,
      inputTokens: 2_400,
      outputTokens: 100,
      cachedTokens: 0,
      reasoningTokens: 0,
      priced: 1,
      cost: 0.000_21,
      meanLatencyMs: 300,
    },
  ]);
  const [own, failed] = records[0].calls;
  assertEquals([own.latencyMs, own.cost, "request" in own, "response" in own], [
    400,
    0.000_21,
    false,
    false,
  ]);
  assertEquals([failed.error, failed.request, failed.cost], ["TypeError: no", "ok?", null]);
});

Deno.test("showJson() writes what JSON lacks in the tagged form, and nothing that steers a terminal", async () => {
  await using storage = await demoStorage();
  const text = await show(storage, "demo", { records: "all" });
  const [, , { records }] = JSON.parse(text).evaluations;
  assertEquals(records[0].row, {
    when: { $type: "Date", value: "1970-01-01T00:00:00.000Z" },
    id: { $type: "bigint", value: "5" },
  });
  assertEquals(records[1].scores, { f1: { $type: "number", value: "NaN" } });
  assertEquals(records[0].response, "\x1b[2Jred\u202E");
  assert(!text.includes("\x1b") && !text.includes("\u202e"));
});

Deno.test("showJson() keeps to errors where only these were asked for", async () => {
  await using storage = await demoStorage();
  const { evaluations } = JSON.parse(await show(storage, "demo", { records: "errors" }));
  assertEquals(
    evaluations.map(({ records }: { records: unknown[] }) => records.length),
    [2, 0, 0],
  );
});

Deno.test("showJson() of an experiment without results has an empty list", async () => {
  await using storage = await demoStorage();
  await fill(storage, "empty", []);
  assertEquals(JSON.parse(await show(storage, "empty", { records: "all" })), {
    version: 1,
    experiment: "empty",
    evaluations: [],
  });
});

Deno.test("showJson() reads records as they are written, not all before the first", async () => {
  await using storage = await demoStorage();
  const report = await reportExperiment(storage, "demo");
  let read = 0;
  const counting: Storage = Object.assign(Object.create(storage), {
    async *records(...args: Parameters<Storage["records"]>) {
      for await (const record of storage.records(...args)) {
        read++;
        yield record;
      }
    },
  });
  for await (const piece of showJson(report, counting, { records: "all" })) {
    if (piece.includes('"position":0')) break;
  }
  assertEquals(read, 1);
});
