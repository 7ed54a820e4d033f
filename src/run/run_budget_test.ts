import { assert, assertEquals } from "@std/assert";
import type { DotevalsError } from "../errors.ts";
import { foreach } from "../evaluation/foreach.ts";
import { memoryStorage } from "../storage/memory.ts";
import { run } from "./run.ts";
import { countingClient, turn } from "./testing/counting_client.ts";
import { correct } from "./testing/records.ts";

const ROWS = Array.from({ length: 100 }, (_, at) => at);

Deno.test("a budget ends a run within one call of it, and the next run goes on", async () => {
  const { client, counts } = countingClient(async () => {
    await turn();
    return "4";
  });
  const asking = foreach("n", ROWS, { name: "asking" }, async ({ n }) => {
    await client.generate(String(n));
    return correct(true);
  });
  const storage = memoryStorage();
  const budget = { maxTokens: 1000 };
  await using first = await run(asking, { storage, experiment: "e", budget });
  const { total, errors } = first.summary();
  assert(counts.calls * 20 <= 1000, `${counts.calls} calls of 20 tokens`);
  assert(counts.calls >= 45, `${counts.calls} calls of 20 tokens`);
  assert(counts.most > 5, `${counts.most} at once, since it is known what a call takes`);
  assertEquals([total, errors], [counts.calls, 0], "all that was asked is recorded");
  const [evaluation] = first.evaluations;
  assertEquals(evaluation?.end, "interrupted");
  assertEquals((evaluation?.failure as DotevalsError).code, "budget-spent");
  await using second = await run(asking, { storage, experiment: "e" });
  assertEquals([second.summary().total, counts.calls], [100, 100]);
});

Deno.test("an evaluation's own budget ends it, and not the others", async () => {
  const { client } = countingClient(async () => {
    await turn();
    return "4";
  });
  const make = (name: string, budget?: { maxTokens: number }) =>
    foreach("n", ROWS, { name, ...budget && { budget } }, async ({ n }) => {
      await client.generate(String(n));
      return correct(true);
    });
  const evaluations = [make("small", { maxTokens: 200 }), make("whole")];
  await using results = await run(evaluations, { storage: memoryStorage() });
  assertEquals(results.evaluations.map(({ end }) => end), ["interrupted", "complete"]);
  const [small, whole] = results.evaluations;
  assert(small && small.total <= 10 && small.total > 5, `${small?.total}`);
  assertEquals(whole?.total, 100);
});

Deno.test("a run ends when its time is over, and says so once", async () => {
  const messages: string[] = [];
  const endless = foreach("n", ROWS, { name: "endless", concurrency: 1 }, async ({ n }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return correct(n >= 0);
  });
  await using results = await run(endless, {
    storage: memoryStorage(),
    budget: { maxDuration: 200 },
    onEvent: (event) => event.type === "message" && messages.push(event.text),
  });
  assertEquals(results.evaluations[0]?.end, "interrupted");
  assert(results.summary().total < 100);
  assertEquals(messages, ["The budget of 0.2 s is over; no further calls are made."]);
});
