import { assert, assertEquals, assertRejects } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { batch } from "../evaluation/batch.ts";
import { foreach } from "../evaluation/foreach.ts";
import { metric } from "../evaluation/metric.ts";
import { score } from "../evaluation/score.ts";
import { memoryStorage } from "../storage/memory.ts";
import type { Storage } from "../storage/storage.ts";
import type { RunEvent } from "./events.ts";
import { run } from "./run.ts";
import { correct } from "./testing/records.ts";

const SHARDS = ["1/3", "2/3", "3/3"];
const ROWS = Array.from({ length: 30 }, (_, n) => n % 20);

/** Which items of an experiment are recorded, and how. */
async function contents(storage: Storage, experiment = "e"): Promise<unknown> {
  const evaluations = await storage.evaluations(experiment);
  return await Promise.all(evaluations.map(async ({ id, ...stored }) => {
    const { name, variant, status, items, completed, errors, gone } = stored;
    const records = await Array.fromAsync(storage.records(id));
    const rows = records.map(({ key, repeat, position, row }) => [key, repeat, position, row]);
    return { name, variant, status, items, completed, errors, gone, rows };
  }));
}

Deno.test("shards at once record what one run records: repeats, parameters, equal rows, samples", async () => {
  const [sharded, whole] = [memoryStorage(), memoryStorage()];
  let calls = 0;
  const styled = foreach(
    "n",
    ROWS,
    { name: "styled", params: { style: ["a", "b"] }, repeats: 2 },
    ({ n }) => {
      calls++;
      return correct(n % 2 === 0);
    },
  );
  for (const samples of [12, 30]) {
    calls = 0;
    const results = await Promise.all(
      SHARDS.map((shard) => run(styled, { storage: sharded, experiment: "e", shard, samples })),
    );
    assertEquals(calls, (samples === 12 ? 12 : 18) * 4);
    assert(results.every(({ interrupted }) => !interrupted));
    await run(styled, { storage: whole, experiment: "e", samples });
    assertEquals(await contents(sharded), await contents(whole));
  }
});

Deno.test("batches form from a shard's own rows", async () => {
  const storage = memoryStorage();
  const sizes: number[] = [];
  const grouped = batch("n", ROWS, { name: "grouped", batchSize: 100 }, ({ n }) => {
    sizes.push(n.length);
    return n.map((each) => correct(each > 3));
  });
  for (const shard of SHARDS) await run(grouped, { storage, experiment: "e", shard });
  assertEquals(sizes.length, 3);
  assertEquals(sizes.reduce((sum, size) => sum + size, 0), ROWS.length);
  assertEquals((await storage.evaluations("e"))[0]?.status, "complete");
});

Deno.test("a shard tells what of the whole is its own", async () => {
  const storage = memoryStorage();
  const failing = foreach("n", ROWS, { name: "failing" }, ({ n }) => {
    if (n === 4) throw new Error("four");
    return correct(true);
  });
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => {
    events.push(event);
  };
  for (const shard of SHARDS) await run(failing, { storage, experiment: "e", shard, onEvent });
  const started = events.filter(({ type }) => type === "session-started");
  assertEquals(started.map((event) => "shard" in event && event.shard), SHARDS);
  const finished = events.flatMap((event) => event.type === "evaluation-finished" ? [event] : []);
  const own = finished.flatMap((event) => event.own ? [event.own] : []);
  assertEquals(own.reduce((sum, { items }) => sum + items, 0), ROWS.length);
  assertEquals(own.map(({ completed }) => completed), own.map(({ items }) => items));
  assertEquals(own.reduce((sum, { errors }) => sum + errors, 0), 2);
  assertEquals(finished.map(({ items }) => items), [30, 30, 30]);
  assertEquals(finished.at(-1)?.completed, 30);
});

Deno.test("each shard marks its own rows that are gone, and those of others never", async () => {
  const storage = memoryStorage();
  const rows = [...Array(20).keys()];
  const shrinking = foreach("n", () => rows, { name: "shrinking" }, () => correct(true));
  await run(shrinking, { storage, experiment: "e" });
  rows.splice(0, 10);
  await run(shrinking, { storage, experiment: "e", shard: "1/2" });
  const [half] = await storage.evaluations("e");
  assert(half !== undefined && half.gone > 0 && half.gone < 10, `${half?.gone} are gone`);
  assertEquals([half.completed, half.status], [20 - half.gone, "incomplete"]);
  await run(shrinking, { storage, experiment: "e", shard: "2/2" });
  const [both] = await storage.evaluations("e");
  assertEquals([both?.gone, both?.completed, both?.items, both?.status], [10, 10, 10, "complete"]);
});

Deno.test("a shard's totals follow rows that leave the dataset and come back", async () => {
  const storage = memoryStorage();
  const all = [...Array(12).keys()];
  let rows = all;
  let failing = true;
  const moving = foreach("n", () => rows, { name: "moving" }, ({ n }) => {
    if (failing && n % 2 === 1) throw new Error("odd");
    return correct(true);
  });
  async function ownTotals(): Promise<unknown> {
    let own: unknown;
    await run(moving, {
      storage,
      experiment: "e",
      shard: "1/2",
      onEvent: (event) => {
        if (event.type === "evaluation-finished") own = event.own;
      },
    });
    return own;
  }
  await run(moving, { storage, experiment: "e" });
  rows = [];
  assertEquals(await ownTotals(), { items: 0, completed: 0, errors: 0 });
  rows = all;
  const failed = await ownTotals() as { items: number; completed: number; errors: number };
  assert(failed.errors > 0 && failed.errors < failed.items, JSON.stringify(failed));
  assertEquals(failed.completed, failed.items);
  rows = [];
  await ownTotals();
  [rows, failing] = [all, false];
  assertEquals(await ownTotals(), { ...failed, errors: 0 });
});

Deno.test("a metric's value of all shards outlasts that of one that read the scores before", async () => {
  const storage = memoryStorage();
  const [read, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const scoreValues = storage.scoreValues.bind(storage);
  let readings = 0;
  storage.scoreValues = async function* (evaluation, name) {
    const values = await Array.fromAsync(scoreValues(evaluation, name));
    if (++readings === 1) {
      read.resolve();
      await go.promise;
    }
    yield* values;
  };
  const total = metric("total", (values) => values.reduce<number>((sum, n) => sum + Number(n), 0));
  const summed = foreach(
    "n",
    ROWS,
    { name: "summed" },
    ({ n }) => score("n", n, { metrics: [total] }),
  );
  const first = run(summed, { storage, experiment: "e", shard: "1/2" });
  await read.promise;
  await run(summed, { storage, experiment: "e", shard: "2/2" });
  go.resolve();
  await first;
  const [evaluation] = await storage.evaluations("e");
  assert(evaluation !== undefined);
  const [stored] = await storage.metrics(evaluation.id);
  const sum = ROWS.reduce((sum, n) => sum + n, 0);
  const { revision } = evaluation;
  assertEquals(stored?.computed, { value: sum, results: ROWS.length, revision });
});

Deno.test("a shard of another definition than the one that runs is refused", async () => {
  const storage = memoryStorage();
  const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const make = (version: string) =>
    foreach("n", ROWS, { name: "versioned", version }, async () => {
      begun.resolve();
      await go.promise;
      return correct(true);
    });
  const first = run(make("1"), { storage, experiment: "e", shard: "1/2" });
  await begun.promise;
  // Nothing is recorded yet, and yet the two must not mix.
  const other = () => run(make("2"), { storage, experiment: "e", shard: "2/2" });
  const error = await assertRejects(other, DotevalsError, '"versioned" has changed');
  assertEquals(error.code, "definition-changed");
  go.resolve();
  await first;
  await run(make("1"), { storage, experiment: "e", shard: "2/2" });
  assertEquals((await storage.evaluations("e"))[0]?.status, "complete");
});

Deno.test("run() refuses what is no shard, and a shard that is to start anew by itself", async () => {
  const one = foreach("n", [1], { name: "one" }, () => correct(true));
  for (const shard of ["0/2", "3/2", "2", "", "2/4/6"]) {
    const error = await assertRejects(() => run(one, { storage: "memory:", shard }), DotevalsError);
    assertEquals(error.code, "invalid-option");
  }
  const fresh = () => run(one, { storage: "memory:", shard: "1/2", fresh: true });
  assertEquals((await assertRejects(fresh, DotevalsError)).code, "fresh-shard");
  const whole = await run(one, { storage: "memory:", shard: "1/1", fresh: true });
  assertEquals(whole.summary().total, 1);
});
