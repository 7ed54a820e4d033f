import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Clock } from "../clock.ts";
import { foreach } from "../evaluation/foreach.ts";
import { type Metric, metric } from "../evaluation/metric.ts";
import { score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { confidenceInterval } from "../metrics/confidence_interval.ts";
import { groupBy } from "../metrics/group_by.ts";
import { meanOf } from "../metrics/mean_of.ts";
import { median } from "../metrics/median.ts";
import { quantile } from "../metrics/quantile.ts";
import { stepsOf } from "../metrics/steps_of.ts";
import { memoryStorage } from "../storage/memory.ts";
import type { RunEvent } from "./events.ts";
import { Pauses } from "./pauses.ts";
import { run } from "./run.ts";

Deno.test("a custom metric stays up to date when a failed item fails again", async () => {
  const storage = memoryStorage();
  const count = metric("count", (values) => values.length);
  const failing = foreach("n", [1, 2], { name: "failing" }, ({ n }) => {
    if (n === 2) throw new Error("always");
    return score("one", 1, { metrics: [count] });
  });
  await run(failing, { storage, experiment: "e" });
  await run(failing, { storage, experiment: "e" });
  const [stored] = await storage.evaluations("e");
  const [kept] = stored ? await storage.metrics(stored.id) : [];
  assertEquals(kept?.computed?.value, 1);
  assertEquals(kept?.computed?.revision, stored?.revision);
});

Deno.test("a metric that throws has no value, is told by name, and spoils nothing", async () => {
  const events: RunEvent[] = [];
  const broken = metric("broken", () => {
    throw new Error("boom");
  });
  const text = metric("text", () => "5" as never);
  const scored = foreach(
    "n",
    [1],
    { name: "scored" },
    () => score("s", 1, { metrics: [broken, text, metric("count", (values) => values.length)] }),
  );
  await using results = await run(scored, {
    storage: memoryStorage(),
    experiment: "e",
    onEvent: (event) => events.push(event),
  });
  assertEquals(results.summary().metrics, { s: { broken: null, text: null, count: 1 } });
  const told = events.flatMap((event) => event.type === "message" ? [event.text] : []).join("\n");
  assertStringIncludes(told, 'The metric "broken" of the score "s" of scored has no value: boom');
  assertStringIncludes(told, "it gave a string");
});

Deno.test("two metrics of one name are told apart by their parameters", async () => {
  const scored = foreach(
    "n",
    [1, 2, 3],
    { name: "scored" },
    ({ n }) => score("n", n, { metrics: [quantile(0.5), quantile(1), median()] }),
  );
  await using results = await run(scored, { storage: memoryStorage(), experiment: "e" });
  const { n } = results.summary().metrics;
  assertEquals(n, { "quantile(q=0.5)": 2, "quantile(q=1)": 3, median: 2 });
});

Deno.test("a metric that needs rows and errors gets them", async () => {
  const storage = memoryStorage();
  const rows = [{ n: 1, odd: true }, { n: 2, odd: false }, { n: 3, odd: true }];
  const scored = foreach("n", rows, { name: "scored" }, ({ n }) => {
    if (n === 3) throw new Error("always");
    return score("right", true, { metrics: [groupBy(accuracy(), "odd")] });
  });
  await run(scored, { storage, experiment: "e" });
  const [evaluation] = await storage.evaluations("e");
  const [kept] = evaluation ? await storage.metrics(evaluation.id) : [];
  assertEquals(kept?.computed?.value, 2 / 3);
  assertEquals(kept?.computed?.details, {
    false: { value: 1, count: 1 },
    true: { value: 0.5, count: 2 },
  });
});

Deno.test("all metrics of a score are computed from one reading of it, and one that throws spoils no other", async () => {
  const storage = memoryStorage();
  let readings = 0;
  const { scoreValues, scoredItems } = storage;
  storage.scoreValues = (...args) => (readings++, scoreValues.apply(storage, args));
  storage.scoredItems = (...args) => (readings++, scoredItems.apply(storage, args));
  const broken: Metric = {
    ...median(),
    name: "broken",
    start: () => ({
      add: () => {
        throw new Error("boom");
      },
      result: () => ({ value: 1 }),
    }),
  };
  const metrics = [broken, median(), quantile(0.9), meanOf(median()), groupBy(median(), "n")];
  const scored = foreach(
    "n",
    [1, 2, 3],
    { name: "scored" },
    ({ n }) => score("n", n, { metrics }),
  );
  await using results = await run(scored, { storage, experiment: "e" });
  assertEquals(readings, 1);
  assertEquals(results.summary().metrics.n, {
    broken: null,
    median: 2,
    quantile: 2.8,
    "meanOf(median)": 2,
    "groupBy(median)": 2,
  });
});

Deno.test("a long computation lets others have their turn", async () => {
  const state = confidenceInterval({ resamples: 200 }).start();
  for (let n = 0; n < 100_000; n++) state.add(n);
  let time = 0;
  let turns = 0;
  const clock: Clock = {
    now: () => time,
    monotonic: () => time += 5,
    after(_, callback) {
      turns++;
      queueMicrotask(callback);
      return () => {};
    },
  };
  const value = await new Pauses(clock).within(stepsOf(state, 0));
  assertEquals(value, state.result(0));
  assert(turns >= 50, `${turns} turns`);
});
