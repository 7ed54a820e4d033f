import { assertEquals } from "@std/assert";
import { startModelServer } from "../../tests/faults/model_server.ts";
import { asModel } from "../evaluation/as_model.ts";
import { foreach } from "../evaluation/foreach.ts";
import { result } from "../evaluation/result.ts";
import { model } from "../providers/model_spec.ts";
import { adaptive } from "../schedule/adaptive.ts";
import { sequential } from "../schedule/sliding_window.ts";
import { memoryStorage } from "../storage/memory.ts";
import { run } from "./run.ts";
import { countingClient, turn } from "./testing/counting_client.ts";
import { correct } from "./testing/records.ts";

const ROWS = Array.from({ length: 100 }, (_, at) => at);
const QUICK = { initialDelay: 1 };

Deno.test("evaluations that use one model share its limit", async () => {
  const { client, counts } = countingClient(async () => {
    await turn();
    return "4";
  });
  const evaluations = ["one", "two"].map((name) =>
    foreach("n", ROWS, { name }, async ({ n }) => {
      await client.generate(String(n));
      return correct(true);
    })
  );
  const concurrency = adaptive({ initial: 3, max: 3 });
  await using results = await run(evaluations, { storage: memoryStorage(), concurrency });
  assertEquals(results.summary().total, 200);
  assertEquals(counts.most, 3);
});

Deno.test("a window of N is filled at once, with items and with calls", async () => {
  const allIn = Promise.withResolvers<void>();
  const { client, counts } = countingClient(async () => {
    if (counts.underWay === 20) allIn.resolve();
    await allIn.promise;
    await turn();
    return "4";
  });
  const asking = foreach("n", ROWS, { name: "asking" }, async ({ n }) => {
    await Promise.all([client.generate(`a${n}`), client.generate(`b${n}`)]);
    return correct(true);
  });
  await using _results = await run(asking, { storage: memoryStorage(), concurrency: 20 });
  assertEquals(counts.most, 20);
});

Deno.test("a client that calls another one does not wait for its own place", async () => {
  const inner = asModel({ generate: () => Promise.resolve("4") }, { name: "inner" });
  const outer = asModel({ generate: (request) => inner.generate(request) }, { name: "outer" });
  const asking = foreach("n", [1, 2, 3], { name: "asking" }, async ({ n }) => {
    const { text } = await outer.generate(String(n));
    return correct(text === "4");
  });
  await using results = await run(asking, {
    storage: memoryStorage(),
    concurrency: sequential(),
    budget: { maxTokens: 1_000_000 },
  });
  assertEquals(results.summary(), { total: 3, errors: 0, metrics: { correct: { accuracy: 1 } } });
});

Deno.test("what items are refused with by clients of their own slows the run down", async () => {
  let underWay = 0;
  const atOnce: number[] = [];
  const refused = foreach("n", ROWS, { name: "refused" }, async () => {
    atOnce.push(++underWay);
    await turn();
    underWay--;
    throw Object.assign(new Error("Too Many Requests"), { status: 429 });
  });
  await using _results = await run(refused, { storage: memoryStorage() });
  assertEquals(Math.max(...atOnce.slice(0, 10)), 10);
  assertEquals(Math.max(...atOnce.slice(-20)), 1);
});

Deno.test("waiting for a turn does not count toward an item's timeout", async () => {
  const waited = Promise.withResolvers<void>();
  const { client } = countingClient(async (call) => {
    if (call === 1) await waited.promise;
    return "4";
  });
  const first = foreach("n", [1], { name: "first" }, async ({ n }) => {
    await client.generate(String(n));
    return correct(true);
  });
  const second = foreach("n", [1], { name: "second", timeout: 400 }, async ({ n }) => {
    setTimeout(() => waited.resolve(), 900);
    await client.generate(String(n));
    return correct(true);
  });
  await using results = await run([first, second], {
    storage: memoryStorage(),
    concurrency: adaptive({ initial: 1, max: 1 }),
  });
  assertEquals(results.summary().errors, 0);
});

Deno.test("a call that takes longer than callTimeout is aborted and made again", async () => {
  const aborted: unknown[] = [];
  const { client, counts } = countingClient((call, signal) =>
    call > 1 ? Promise.resolve("4") : new Promise(() => {
      signal?.addEventListener("abort", () => aborted.push(signal.reason?.name));
    })
  );
  const asking = foreach(
    "n",
    [1],
    { name: "asking", callTimeout: 100, retry: QUICK },
    async ({ n }) => {
      await client.generate(String(n));
      return correct(true);
    },
  );
  await using results = await run(asking, { storage: memoryStorage() });
  assertEquals(results.summary().errors, 0);
  assertEquals([aborted, counts.calls], [["CallTimeoutError"], 2]);
});

Deno.test("an item that is stopped closes the connection of its call", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = (async () => {
    using connection = await listener.accept();
    const buffer = new Uint8Array(10_000);
    let reads = 0;
    while (await connection.read(buffer) !== null) reads++;
    return reads;
  })();
  const baseUrl = `http://127.0.0.1:${listener.addr.port}/v1`;
  const asking = foreach(
    "n",
    [1],
    { name: "asking", timeout: 200, model: model("openai:m", { baseUrl }) },
    async ({ n }, { model }) => {
      await model.generate(String(n));
      return correct(true);
    },
  );
  // The end of the run closes connections too: this waits for it to be done before.
  const meanwhile = foreach(
    "n",
    [1],
    { name: "meanwhile", timeout: 5000, model: model("openai:m", { baseUrl }) },
    async () => correct(await served > 0),
  );
  await using results = await run([asking, meanwhile], { storage: memoryStorage() });
  assertEquals(results.evaluations.map(({ errors }) => errors), [1, 0]);
});

Deno.test("evaluations that name one model share its endpoint's limit, whatever its options", async () => {
  let [underWay, most] = [0, 0];
  await using server = startModelServer({
    async wait() {
      most = Math.max(most, ++underWay);
      await turn();
      underWay--;
    },
  });
  const evaluations = [0, 1].map((temperature) => {
    const named = model("openai:m", { baseUrl: server.url, temperature });
    const options = { name: `at ${temperature}`, model: named };
    return foreach("n", ROWS.slice(0, 20), options, async ({ n }, { model }) => {
      await model.generate(String(n));
      return correct(true);
    });
  });
  const concurrency = adaptive({ initial: 3, max: 3 });
  await using results = await run(evaluations, { storage: memoryStorage(), concurrency });
  assertEquals([results.summary().total, server.calls.length, most], [40, 40, 3]);
});

Deno.test("each repeat of a row keeps its own result", async () => {
  let call = 0;
  const repeated = foreach(
    "n",
    [1, 2],
    { name: "repeated", repeats: 3 },
    () => result({ scores: correct(true), response: String(++call) }),
  );
  await using results = await run(repeated, { storage: memoryStorage() });
  const seen: (readonly [number, number, unknown])[] = [];
  for await (const { position, repeat, response } of results.records()) {
    seen.push([position, repeat, response]);
  }
  assertEquals(seen.length, 6);
  assertEquals(new Set(seen.map(([, , response]) => response)).size, 6);
  assertEquals(new Set(seen.map(([position, repeat]) => `${position} ${repeat}`)).size, 6);
});
