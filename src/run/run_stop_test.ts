import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fixture } from "../evaluation/fixture.ts";
import { foreach } from "../evaluation/foreach.ts";
import { memoryStorage } from "../storage/memory.ts";
import { run } from "./run.ts";
import { correct, recordsOf } from "./testing/records.ts";

Deno.test("timeout ends an item with an error and aborts its signal", async () => {
  let aborted = false;
  const slow = foreach("n", [1], { timeout: 20 }, async (_row, { signal }) => {
    await new Promise((resolve) =>
      signal.addEventListener("abort", () => {
        aborted = true;
        resolve(undefined);
      })
    );
    return correct(true);
  });
  await using results = await run(slow, { storage: memoryStorage(), experiment: "e" });
  const [record] = await recordsOf(results);
  assertEquals(record?.error?.name, "ItemTimeoutError");
  assertEquals(aborted, true);
});

Deno.test("a signal stops the run: what is recorded stays, the rest is left to do", async () => {
  const storage = memoryStorage();
  const controller = new AbortController();
  const started: number[] = [];
  const stopped = foreach("n", [1, 2, 3, 4], { name: "stopped", concurrency: 1 }, async ({ n }) => {
    started.push(n);
    if (n === 2) controller.abort();
    if (n === 3) await new Promise(() => {});
    return correct(true);
  });
  const first = await run(stopped, {
    storage,
    experiment: "e",
    signal: controller.signal,
    grace: 0,
  });
  assertEquals(first.interrupted, true);
  assertEquals(first.summary().total, 2);
  assertEquals(started, [1, 2]);
});

Deno.test("items that outlast the grace period are left to do, not recorded as errors", async () => {
  const storage = memoryStorage();
  const controller = new AbortController();
  const hanging = foreach("n", [1], { name: "hanging" }, async () => {
    controller.abort();
    await new Promise(() => {});
    return correct(true);
  });
  const results = await run(hanging, {
    storage,
    experiment: "e",
    signal: controller.signal,
    grace: 5,
  });
  assertEquals(results.summary(), { total: 0, errors: 0, metrics: {} });
});

Deno.test("several runs at once on one experiment share its session", async () => {
  const storage = memoryStorage();
  let built = 0;
  const shared = fixture(async () => {
    await Promise.resolve();
    return ++built;
  });
  const make = (name: string) =>
    foreach("n", [1, 2, 3], { name, fixtures: { shared } }, () => correct(true));
  const both = await Promise.all([
    run(make("one"), { storage, experiment: "e" }),
    run(make("two"), { storage, experiment: "e" }),
  ]);
  assertEquals(both.map((results) => results.summary().total), [3, 3]);
  assertEquals(built, 1);
  assertEquals((await storage.evaluations("e")).length, 2);
});

Deno.test("aborting one run leaves another one of its session alone", async () => {
  const storage = memoryStorage();
  const controller = new AbortController();
  const released = Promise.withResolvers<void>();
  const stopped = foreach("n", [1, 2], { name: "stopped", concurrency: 1 }, () => {
    controller.abort();
    return correct(true);
  });
  const other = foreach("n", [1, 2], { name: "other", concurrency: 1 }, async () => {
    await released.promise;
    return correct(true);
  });
  const running = run(other, { storage, experiment: "e" });
  const first = await run(stopped, { storage, experiment: "e", signal: controller.signal });
  released.resolve();
  assertEquals(first.interrupted, true);
  assertEquals((await running).summary().total, 2);
});

Deno.test("one evaluation does not run twice at once in a session", async () => {
  const storage = memoryStorage();
  let asked = 0;
  const started = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const slow = foreach("n", [1, 2, 3], { name: "slow" }, async () => {
    asked++;
    started.resolve();
    await released.promise;
    return correct(true);
  });
  const first = run(slow, { storage, experiment: "e" });
  await started.promise;
  const error = await assertRejects(() => run(slow, { storage, experiment: "e" }));
  assertStringIncludes(String(error), '"slow" is running in this process already');
  released.resolve();
  assertEquals((await first).summary().total, 3);
  assertEquals(asked, 3);
});

Deno.test("a setup that never ends does not keep a stopped run from its end", async () => {
  const controller = new AbortController();
  const log: string[] = [];
  const good = fixture(() => "good", { teardown: () => void log.push("down") });
  const stuck = fixture(() => {
    controller.abort();
    return new Promise<never>(() => {});
  });
  const waiting = foreach(
    "n",
    [1],
    { name: "waiting", fixtures: { good, stuck } },
    () => correct(true),
  );
  const results = await run(waiting, {
    storage: memoryStorage(),
    experiment: "e",
    signal: controller.signal,
    grace: 0,
  });
  assertEquals(results.interrupted, true);
  assertEquals(log, ["down"]);
});
