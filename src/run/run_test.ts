import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fixture } from "../evaluation/fixture.ts";
import { foreach } from "../evaluation/foreach.ts";
import { result } from "../evaluation/result.ts";
import { metricInterval } from "../metrics/metric_interval.ts";
import { memoryStorage } from "../storage/memory.ts";
import type { RunEvent } from "./events.ts";
import { run } from "./run.ts";
import { correct, recordsOf } from "./testing/records.ts";

Deno.test("run() records every item and sums them up", async () => {
  const sums = foreach(
    "question,answer",
    [["1 + 1", 2], ["2 + 2", 5]],
    ({ question, answer }) =>
      correct(
        question.split(" + ").reduce((sum, part) => sum + Number(part), 0) === answer,
      ),
  );
  await using results = await run(sums, { storage: memoryStorage(), experiment: "e" });
  assertEquals(results.summary(), {
    total: 2,
    errors: 0,
    metrics: { correct: { accuracy: 0.5 } },
  });
  const records = await recordsOf(results);
  assertEquals(records.map(({ row }) => row), [
    { question: "1 + 1", answer: 2 },
    { question: "2 + 2", answer: 5 },
  ]);
  assertEquals(records.map(({ scores }) => scores), [{ correct: true }, { correct: false }]);
  assertEquals(
    records.map((
      { evaluation, position, repeat, attempts },
    ) => [evaluation, position, repeat, attempts]),
    [["sums", 0, 0, 1], ["sums", 1, 0, 1]],
  );
});

Deno.test("fixtures are built once for all, and torn down last-in first-out", async () => {
  const log: string[] = [];
  const make = (name: string) =>
    fixture(() => {
      log.push(`up ${name}`);
      return { name, [Symbol.asyncDispose]: () => Promise.resolve(void log.push(`down ${name}`)) };
    });
  const first = make("first");
  const second = fixture(() => {
    log.push("up second");
    return "value";
  }, { teardown: (value) => void log.push(`down second ${value}`) });
  const one = foreach(
    "n",
    [1, 2],
    { name: "one", fixtures: { first }, concurrency: 1 },
    (_, used) => correct(used.first.name === "first"),
  );
  const two = foreach(
    "n",
    [1, 2],
    { name: "two", fixtures: { first, second } },
    (_, used) => correct(used.second === "value"),
  );
  await run([one, two], { storage: memoryStorage(), experiment: "e" });
  assertEquals(log, ["up first", "up second", "down second value", "down first"]);
});

Deno.test("context.model without a model is an error that names --model", async () => {
  const modelless = foreach("n", [1], async (_, { model }) => {
    await model.generate("hello");
    return correct(true);
  });
  await using results = await run(modelless, { storage: memoryStorage(), experiment: "e" });
  const [record] = await recordsOf(results);
  assertStringIncludes(record?.error?.message ?? "", "uses context.model, and no model was given");
});

Deno.test("the model's last request and response are recorded unless the result has others", async () => {
  const asking = foreach("text", ["hi", "own"], async ({ text }, { model }) => {
    const { text: response } = await model.generate(text);
    return text === "own"
      ? result({ scores: correct(true), prompt: "my prompt", response: { mine: response } })
      : correct(response === "hi");
  });
  await using results = await run(asking, {
    model: "echo:",
    storage: memoryStorage(),
    experiment: "e",
  });
  const records = await recordsOf(results);
  assertEquals(records.map(({ prompt, response }) => [prompt, response]), [
    ["hi", "hi"],
    ["my prompt", { mine: "own" }],
  ]);
  assertEquals(results.evaluations[0]?.variant, { model: "echo:" });
});

Deno.test("events tell what is committed, never more", async () => {
  const events: RunEvent[] = [];
  const watched = foreach("n", [1, 2, 3], { name: "watched" }, ({ n }) => correct(n > 1));
  await run(watched, {
    storage: memoryStorage(),
    experiment: "e",
    onEvent: (event) => events.push(event),
  });
  const types = events.map(({ type }) => type);
  assertEquals(types[0], "session-started");
  assertEquals(types.at(-1), "session-finished");
  const commits = events.filter((event) => event.type === "items-committed");
  assertEquals(commits.flatMap(({ records }) => records).length, 3);
  assertEquals(commits.at(-1)?.completed, 3);
  const interval = metricInterval("accuracy", {
    ...{ count: 3, sum: 2, numeric: 3, booleans: 3, squares: 2, repeats: 1, errors: 0 },
  });
  assertEquals(commits.at(-1)?.metrics, [
    { score: "correct", metric: "accuracy", value: 2 / 3, interval },
  ]);
});

Deno.test("an evaluation is finished when its last item is, not with the last of all", async () => {
  const events: string[] = [];
  const finished = Promise.withResolvers<void>();
  const quick = foreach("n", [1], { name: "quick" }, () => correct(true));
  const long = foreach("n", [1], { name: "long" }, async () => {
    await finished.promise;
    events.push("long ends");
    return correct(true);
  });
  await run([quick, long], {
    storage: memoryStorage(),
    experiment: "e",
    onEvent(event) {
      if (event.type !== "evaluation-finished") return;
      events.push(`${event.evaluation.name} ${event.end}`);
      finished.resolve();
    },
  });
  assertEquals(events, ["quick complete", "long ends", "long complete"]);
});

Deno.test("run() refuses options that are out of range, naming them", async () => {
  const one = foreach("n", [1], { name: "one" }, () => correct(true));
  for (
    const options of [{ samples: 1.5 }, { samples: -1 }, { concurrency: 0 }, { experiment: "" }]
  ) {
    const [name = ""] = Object.keys(options);
    const error = await assertRejects(() => run(one, { storage: "memory:", ...options }));
    assertStringIncludes(String(error), `"${name}"`);
  }
  await assertRejects(() => run({} as never), Error, "what foreach() or batch() returns");
});

Deno.test("calls at once in one item note a request with its own response", async () => {
  const pairs = foreach("n", [1], { name: "pairs" }, async (_row, { model }) => {
    await Promise.all([model.generate("one"), model.generate("two")]);
    return correct(true);
  });
  await using results = await run(pairs, {
    model: "echo:",
    storage: memoryStorage(),
    experiment: "e",
  });
  const [record] = await recordsOf(results);
  assertEquals(record?.prompt, record?.response);
});
