import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fixture } from "../evaluation/fixture.ts";
import { foreach } from "../evaluation/foreach.ts";
import { metric } from "../evaluation/metric.ts";
import { score } from "../evaluation/score.ts";
import { memoryStorage } from "../storage/memory.ts";
import { run } from "./run.ts";
import { correct, recordsOf } from "./testing/records.ts";

Deno.test("run() again skips what is recorded and runs again what failed", async () => {
  const storage = memoryStorage();
  const asked: string[] = [];
  let broken = true;
  const flaky = foreach("text", ["a", "b", "c"], { name: "flaky" }, ({ text }) => {
    asked.push(text);
    if (text === "b" && broken) throw new Error("no luck");
    return correct(true);
  });
  const first = await run(flaky, { storage, experiment: "e" });
  assertEquals(first.summary(), { total: 3, errors: 1, metrics: { correct: { accuracy: 2 / 3 } } });
  broken = false;
  const second = await run(flaky, { storage, experiment: "e" });
  assertEquals(asked, ["a", "b", "c", "b"]);
  assertEquals(second.summary(), { total: 3, errors: 0, metrics: { correct: { accuracy: 1 } } });
  assertEquals((await recordsOf(second)).length, 3);
});

Deno.test("a dataset that was reordered and extended runs only what is new", async () => {
  const storage = memoryStorage();
  const asked: string[] = [];
  const rows = ["a", "b", "b"];
  const same = foreach(
    "text",
    function* () {
      yield* rows;
    },
    { name: "same" },
    ({ text }) => {
      asked.push(text);
      return correct(true);
    },
  );
  await run(same, { storage, experiment: "e" });
  rows.splice(0, 3, "c", "b", "a", "b", "b");
  const results = await run(same, { storage, experiment: "e" });
  assertEquals(asked, ["a", "b", "b", "c", "b"]);
  assertEquals(results.summary().total, 5);
});

Deno.test("rows that are gone leave the metrics and are counted; they come back unrun", async () => {
  const storage = memoryStorage();
  const rows = [["a", true], ["b", false], ["c", false]] as [string, boolean][];
  let ran = 0;
  const shrinking = foreach("text,good", () => rows, { name: "shrinking" }, ({ good }) => {
    ran++;
    return correct(good);
  });
  await run(shrinking, { storage, experiment: "e" });
  const removed = rows.splice(1, 1);
  const without = await run(shrinking, { storage, experiment: "e" });
  assertEquals(without.evaluations[0]?.gone, 1);
  assertEquals(without.summary(), { total: 2, errors: 0, metrics: { correct: { accuracy: 0.5 } } });
  rows.push(...removed);
  const back = await run(shrinking, { storage, experiment: "e" });
  assertEquals(back.evaluations[0]?.gone, 0);
  assertEquals(back.summary().total, 3);
  assertEquals(ran, 3);
});

Deno.test("samples are the dataset's first rows in all, with every variant and repeat", async () => {
  const storage = memoryStorage();
  let pulled = 0;
  const sampled = foreach(
    "n",
    function* () {
      for (let n = 0;; n++) {
        pulled++;
        yield n;
      }
    },
    { name: "sampled", repeats: 2, params: { style: ["terse", "long"] } },
    (_row, { params, item }) =>
      score("kind", `${params.style}${item.repeat}`, {
        metrics: [metric("count", (values) => values.length)],
      }),
  );
  await run(sampled, { storage, experiment: "e", samples: 2 });
  const results = await run(sampled, { storage, experiment: "e", samples: 3 });
  assertEquals(results.summary().total, 12);
  assertEquals(pulled, 5);
  assertEquals(results.evaluations.map(({ variant, metrics }) => [variant, metrics]), [
    [{ style: "terse" }, { kind: { count: 6 } }],
    [{ style: "long" }, { kind: { count: 6 } }],
  ]);
});

Deno.test("fixtures and models are not set up when nothing is left to do", async () => {
  const storage = memoryStorage();
  let built = 0;
  const counted = fixture(() => ++built);
  const idle = foreach("n", [1], { name: "idle", fixtures: { counted } }, () => correct(true));
  await run(idle, { storage, experiment: "e" });
  await run(idle, { storage, experiment: "e" });
  assertEquals(built, 1);
});

Deno.test("a changed definition is refused before anything runs, unless kept or fresh", async () => {
  const storage = memoryStorage();
  let ran = 0;
  const make = (version: string) =>
    foreach("n", [1, 2], { name: "versioned", version }, () => {
      ran++;
      return correct(version === "1");
    });
  await run(make("1"), { storage, experiment: "e" });
  const error = await assertRejects(() => run(make("2"), { storage, experiment: "e" }));
  assertStringIncludes(String(error), '"versioned" has changed');
  assertStringIncludes(String(error), '"1" then, "2" now');
  assertEquals(ran, 2);
  const kept = await run(make("2"), { storage, experiment: "e", keep: true });
  assertEquals(kept.summary().metrics, { correct: { accuracy: 1 } });
  assertEquals(ran, 2);
  const fresh = await run(make("3"), { storage, experiment: "e", fresh: true });
  assertEquals(fresh.summary(), { total: 2, errors: 0, metrics: { correct: { accuracy: 0 } } });
  assertEquals((await storage.evaluations("e")).length, 1);
});

Deno.test("--fresh with samples goes on as the new results, row by row", async () => {
  const storage = memoryStorage();
  const letters = foreach("text", ["a", "b", "c"], { name: "letters" }, () => correct(true));
  await run(letters, { storage, experiment: "e" });
  const sampled = await run(letters, { storage, experiment: "e", fresh: true, samples: 1 });
  assertEquals(sampled.summary().total, 1);
  const whole = await run(letters, { storage, experiment: "e" });
  assertEquals(whole.summary().total, 3);
  assertEquals((await storage.evaluations("e"))[0]?.generation, 2);
});

Deno.test("a --fresh pass that failed keeps the older results until there are as good ones", async () => {
  const storage = memoryStorage();
  let broken = false;
  const keyed = foreach("n", [1, 2], { name: "keyed" }, () => {
    if (broken) throw new Error("wrong key");
    return correct(true);
  });
  const first = await run(keyed, { storage, experiment: "e" });
  broken = true;
  await run(keyed, { storage, experiment: "e", fresh: true });
  assertEquals((await recordsOf(first)).length, 2);
  broken = false;
  await run(keyed, { storage, experiment: "e" });
  assertEquals((await recordsOf(first)).length, 0);
});
