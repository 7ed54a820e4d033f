import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { asModel } from "../evaluation/as_model.ts";
import { batch } from "../evaluation/batch.ts";
import { fixture } from "../evaluation/fixture.ts";
import { foreach } from "../evaluation/foreach.ts";
import { memoryStorage } from "../storage/memory.ts";
import type { RunEvent } from "./events.ts";
import { run } from "./run.ts";
import { correct, recordsOf } from "./testing/records.ts";

const QUICK = { initialDelay: 1, maxDelay: 1 };

const shout = asModel({ generate: (request) => `${request}!` }, { name: "shout" });

Deno.test("the calls of an item are recorded on it, and added up by evaluation and model", async () => {
  const asking = foreach("n", [1, 2], { name: "asking" }, async ({ n }, { model }) => {
    await model.generate(`first ${n}`);
    const { text } = await shout.generate("well");
    await model.generate(`last ${n}`);
    return correct(text === "well!");
  });
  await using results = await run(asking, { model: "echo:", storage: memoryStorage() });
  const [first] = await recordsOf(results);
  assertEquals(first?.calls.map(({ model, request, response }) => [model, request, response]), [
    ["echo:", "first 1", "first 1"],
    ["shout", "well", "well!"],
    ["echo:", "last 1", "last 1"],
  ]);
  assert(first?.calls.every(({ latencyMs = -1 }) => latencyMs >= 0));
  const [summary] = results.evaluations;
  assertEquals(summary?.calls.map(({ model, calls, cost }) => [model, calls, cost]), [
    ["echo:", 4, undefined],
    ["shout", 2, undefined],
  ]);
});

Deno.test("a plain client's calls are tried again, and each retry is told", async () => {
  let calls = 0;
  const flaky = asModel({
    generate: () => {
      if (++calls < 3) throw Object.assign(new Error("busy"), { status: 503 });
      return { text: "4", usage: { inputTokens: 5, outputTokens: 1 } };
    },
  });
  const events: RunEvent[] = [];
  const sums = foreach(
    "n",
    [1],
    { name: "sums", retry: QUICK },
    async () => correct((await flaky.generate("2 + 2?")).text === "4"),
  );
  await using results = await run(sums, {
    storage: memoryStorage(),
    onEvent: (event) => events.push(event),
  });
  const [record] = await recordsOf(results);
  assertEquals(
    record?.calls.map(({ model, attempts, inputTokens, error }) => [
      model,
      attempts,
      inputTokens,
      error,
    ]),
    [["client", 3, 5, undefined]],
  );
  assertEquals([record?.prompt, record?.response, record?.attempts], ["2 + 2?", "4", 3]);
  const retries = events.filter((event) => event.type === "call-retried");
  assertEquals(retries.map(({ evaluation, attempt, error }) => [evaluation.name, attempt, error]), [
    ["sums", 1, { name: "Error", message: "busy" }],
    ["sums", 2, { name: "Error", message: "busy" }],
  ]);
});

Deno.test("a client that is a fixture, and one of another copy of the library, find the item", async () => {
  const copy: typeof import("../evaluation/as_model.ts") = await import(
    new URL("../evaluation/as_model.ts?copy", import.meta.url).href
  );
  assert(copy.asModel !== asModel);
  const other = copy.asModel({ generate: (request) => `${request}?` }, { name: "other" });
  const client = fixture(() =>
    asModel({
      generate: () => "",
      embed: (texts) => Promise.resolve(texts.map(() => [1])),
      generateBatch: (requests) => Promise.resolve(requests.map(String)),
    }, { name: "fixture" })
  );
  const both = foreach(
    "n",
    [1],
    { name: "both", fixtures: { client } },
    async (_row, { client }) => {
      const [vector] = await client.embed(["a"]);
      const [answer] = await client.generateBatch(["b"]);
      return correct(
        vector?.[0] === 1 && answer?.text === "b" && (await other.generate("c")).text === "c?",
      );
    },
  );
  await using results = await run(both, { storage: memoryStorage() });
  const [record] = await recordsOf(results);
  assertEquals(record?.scores, { correct: true });
  assertEquals(record?.calls.map(({ model, kind, response }) => [model, kind, response]), [
    ["fixture", "embed", undefined],
    ["fixture", "batch", ["b"]],
    ["other", "generate", "c?"],
  ]);
});

Deno.test("a plain client's call is aborted with its item", async () => {
  const reasons: unknown[] = [];
  const hanging = asModel({
    generate: (_request, { signal } = {}) =>
      new Promise<string>((_resolve, reject) =>
        signal?.addEventListener("abort", () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        })
      ),
  });
  const late = foreach(
    "n",
    [1],
    { name: "late", timeout: 20 },
    async () => correct((await hanging.generate("?")).text === ""),
  );
  await using results = await run(late, { storage: memoryStorage() });
  const [record] = await recordsOf(results);
  assertEquals([record?.error?.name, reasons.length], ["ItemTimeoutError", 1]);
  assertEquals(record?.calls.length, 1);
  assertStringIncludes(record?.calls[0]?.error ?? "", "Error: ");
});

Deno.test("outside of an item a plain client is called as it is", async () => {
  assertEquals((await shout.generate("well")).text, "well!");
});

Deno.test("the calls of a batch are its first item's, and counted once", async () => {
  const asking = batch(
    "n",
    [1, 2, 3],
    { name: "asking", batchSize: 2 },
    async ({ n }, { model }) => {
      await model.generate(n.join());
      return correct(true);
    },
  );
  await using results = await run(asking, { model: "echo:", storage: memoryStorage() });
  assertEquals((await recordsOf(results)).map(({ calls }) => calls.length), [1, 0, 1]);
  assertEquals(results.evaluations[0]?.calls[0]?.calls, 2);
});

Deno.test("what failed and ran again counts with its new calls only", async () => {
  const storage = memoryStorage();
  let broken = true;
  const asking = foreach("n", [1, 2, 3], { name: "asking" }, async ({ n }, { model }) => {
    await model.generate("once");
    if (n !== 2) return correct(true);
    await model.generate("twice");
    if (broken) throw new Error("no");
    return correct(true);
  });
  const options = { model: "echo:", storage, experiment: "e" };
  const first = await run(asking, options);
  assertEquals(first.evaluations[0]?.calls[0]?.calls, 4);
  broken = false;
  const second = await run(asking, options);
  assertEquals(second.evaluations[0]?.calls[0]?.calls, 4);
  assertEquals((await recordsOf(second)).map(({ calls }) => calls.length), [1, 2, 1]);
});

Deno.test("calls are priced by the name that the provider, or asModel(), says", async () => {
  const usage = { inputTokens: 1_000, outputTokens: 100, cachedTokens: 5_000 };
  const answer = () => ({ text: "4", usage });
  const priced = asModel({ generate: answer }, {
    name: "priced",
    pricedAs: { provider: "openai", model: "gpt-4o-mini" },
  });
  const unknown = asModel({ generate: answer }, {
    name: "unknown",
    pricedAs: { apiUrl: "http://127.0.0.1:8000/v1", model: "gpt-4o-mini" },
  });
  const uncounted = asModel({ generate: () => "4" }, {
    name: "uncounted",
    pricedAs: { provider: "openai", model: "gpt-4o-mini" },
  });
  const asking = foreach("n", [1], { name: "asking" }, async () => {
    for (const model of [priced, unknown, uncounted]) await model.generate("2 + 2?");
    return correct(true);
  });
  await using results = await run(asking, { storage: memoryStorage() });
  const costs = results.evaluations[0]?.calls.map(({ model, cost }) => [model, cost]) ?? [];
  const { priced: cost, ...others } = Object.fromEntries(costs);
  assertEquals(others, { unknown: undefined, uncounted: undefined });
  assert(typeof cost === "number" && cost > 0 && cost < 0.01, `it cost ${cost}`);
});
