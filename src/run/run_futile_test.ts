import { assert, assertEquals, assertRejects } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { foreach } from "../evaluation/foreach.ts";
import {
  AuthenticationError,
  InvalidRequestError,
  RateLimitError,
  TransientError,
} from "../providers/model_error.ts";
import { adaptive } from "../schedule/adaptive.ts";
import { memoryStorage } from "../storage/memory.ts";
import { run } from "./run.ts";
import { BUDGET_GRACE_MS } from "./run_budget.ts";
import { countingClient, turn } from "./testing/counting_client.ts";
import { correct } from "./testing/records.ts";

const ROWS = Array.from({ length: 100 }, (_, at) => at);
const QUICK = { initialDelay: 1 };

Deno.test("a refused key or an unknown model ends its evaluation at once, and nothing is recorded", async () => {
  const refusals: readonly (readonly [Error, string])[] = [
    [new AuthenticationError("Incorrect API key", { status: 401 }), "key-refused"],
    [Object.assign(new Error("no credit"), { status: 402 }), "key-refused"],
    [new AuthenticationError("not yours", { status: 403 }), "key-refused"],
    [new InvalidRequestError("The model `m` does not exist", { status: 404 }), "unknown-model"],
  ];
  for (const [refusal, code] of refusals) {
    const { client, counts } = countingClient(async () => {
      await turn();
      throw refusal;
    });
    const asking = foreach("n", ROWS, { name: "asking" }, async ({ n }) => {
      await client.generate(String(n));
      return correct(true);
    });
    const storage = memoryStorage();
    const error = await assertRejects(
      () => run(asking, { storage, experiment: "e" }),
      DotevalsError,
      refusal.message,
    );
    assertEquals([error.code, error.exitCode], [code, 4]);
    assert(counts.calls < 20, `${counts.calls} calls`);
    const stored = await storage.experiment("e");
    assertEquals(stored?.completed, 0);
  }
});

Deno.test("the first 20 calls that fail alike end their evaluation, and others go on", async () => {
  const { client, counts } = countingClient(async (call) => {
    await turn();
    throw new InvalidRequestError(`bad parameter (request req_${call}a)`, { status: 400 });
  });
  const failing = foreach("n", ROWS, { name: "failing" }, async ({ n }) => {
    await client.generate(String(n));
    return correct(true);
  });
  const well = foreach("n", ROWS, { name: "well" }, async () => {
    await turn();
    return correct(true);
  });
  await using results = await run([failing, well], { storage: memoryStorage() });
  const ends = results.evaluations.map(({ name, end, errors }) => [name, end, errors > 20]);
  assertEquals(ends, [["failing", "failed", false], ["well", "complete", false]]);
  assert(counts.calls < 40, `${counts.calls} calls`);
});

Deno.test("an error among answers is its item's, however often it comes", async () => {
  const { client } = countingClient((call) =>
    call === 5
      ? Promise.resolve("4")
      : Promise.reject(new InvalidRequestError("too long", { status: 400 }))
  );
  const asking = foreach("n", ROWS, { name: "asking", concurrency: 1 }, async ({ n }) => {
    await client.generate(String(n));
    return correct(true);
  });
  await using results = await run(asking, { storage: memoryStorage() });
  assertEquals(results.summary().errors, 99);
  assertEquals(results.evaluations[0]?.end, "complete");
});

Deno.test("an outage is waited for: no item fails, however few attempts it has", async () => {
  let isUp = false;
  const { client, counts } = countingClient(async () => {
    await turn();
    if (isUp) return "4";
    throw new TransientError("HTTP 500", { status: 500 });
  });
  const asking = foreach("n", ROWS, { name: "asking", retry: { ...QUICK, maxAttempts: 2 } }, async (
    { n },
  ) => {
    await client.generate(String(n));
    return correct(true);
  });
  const messages: string[] = [];
  await using results = await run(asking, {
    storage: memoryStorage(),
    concurrency: adaptive({ initial: 10 }),
    onEvent(event) {
      if (event.type !== "message") return;
      messages.push(event.text);
      isUp = true;
    },
  });
  assertEquals(results.summary(), { total: 100, errors: 0, metrics: { correct: { accuracy: 1 } } });
  assertEquals(messages.length, 2);
  assert(messages[0]?.includes("is down"), messages[0]);
  assert(counts.calls < 130, `${counts.calls} calls`);
});

Deno.test("an endpoint that refuses for the rest of the day ends its evaluation, and others go on", async () => {
  const { client, counts } = countingClient(async (call) => {
    await turn();
    if (call <= 30) return "4";
    throw new RateLimitError("tokens per day", { status: 429, retryAfterMs: 7 * 3_600_000 });
  });
  const asking = foreach("n", ROWS, { name: "asking" }, async ({ n }) => {
    await client.generate(String(n));
    return correct(true);
  });
  const well = foreach("n", ROWS, { name: "well" }, async () => {
    await turn();
    return correct(true);
  });
  await using results = await run([asking, well], { storage: memoryStorage() });
  const ends = results.evaluations.map(({ name, end, errors }) => [name, end, errors]);
  assertEquals(ends, [["asking", "failed", 0], ["well", "complete", 0]]);
  assertEquals(results.evaluations[0]?.total, 30, "what was answered is recorded");
  assert(counts.calls < 60, `${counts.calls} calls`);
});

Deno.test("calls under way when an evaluation ends early are recorded, and not made again", async () => {
  const allIn = Promise.withResolvers<void>();
  const refused = Promise.withResolvers<void>();
  let isRefusing = true;
  const { client, counts } = countingClient(async (call) => {
    if (counts.underWay === 5) allIn.resolve();
    await allIn.promise;
    if (isRefusing && call === 3) {
      refused.resolve();
      throw new AuthenticationError("Revoked", { status: 401 });
    }
    await refused.promise;
    await turn();
    return "4";
  });
  const asking = foreach("n", ROWS, { name: "asking" }, async ({ n }) => {
    await client.generate(String(n));
    return correct(true);
  });
  const storage = memoryStorage();
  const options = { storage, experiment: "e", concurrency: 5 };
  await assertRejects(() => run(asking, options), DotevalsError, "Revoked");
  assertEquals([counts.calls, (await storage.experiment("e"))?.completed], [5, 4]);
  isRefusing = false;
  await using results = await run(asking, options);
  assertEquals(results.summary(), { total: 100, errors: 0, metrics: { correct: { accuracy: 1 } } });
  assertEquals(counts.calls, 101, "but for the one that was refused");
});

Deno.test("what waits for a further attempt does not hold up an evaluation that ends early", async () => {
  const { client, counts } = countingClient(async (call) => {
    await turn();
    if (call === 1) throw new RateLimitError("slow down", { status: 429, retryAfterMs: 3_000_000 });
    throw new AuthenticationError("Revoked", { status: 401 });
  });
  const asking = foreach("n", [1, 2], { name: "asking" }, async ({ n }) => {
    await client.generate(String(n));
    return correct(true);
  });
  const storage = memoryStorage();
  const start = performance.now();
  await assertRejects(() => run(asking, { storage, experiment: "e" }), DotevalsError, "Revoked");
  assert(performance.now() - start < BUDGET_GRACE_MS, "the grace is for calls under way");
  assertEquals([counts.calls, (await storage.experiment("e"))?.completed], [2, 0]);
});
