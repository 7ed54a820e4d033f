import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { jsonl } from "../datasets/jsonl.ts";
import { batch } from "../evaluation/batch.ts";
import { fixture } from "../evaluation/fixture.ts";
import { foreach } from "../evaluation/foreach.ts";
import { metric } from "../evaluation/metric.ts";
import { result } from "../evaluation/result.ts";
import { score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { memoryStorage } from "../storage/memory.ts";
import type { RunEvent } from "./events.ts";
import type { ItemRecord, Results } from "./results.ts";
import { run } from "./run.ts";

async function recordsOf(results: Results): Promise<ItemRecord[]> {
  return await Array.fromAsync(results.records());
}

function correct(value: boolean) {
  return score("correct", value, { metrics: [accuracy()] });
}

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

Deno.test("an item's error says what happened, whatever it was, and spoils no other", async () => {
  const messages: Record<string, unknown> = {
    thrown: "just text",
    nothing: undefined,
    missing: 1,
  };
  const wrong = foreach(
    function* () {
      yield { kind: "thrown" };
      yield { kind: "nothing" };
      yield { kind: "cyclic" };
      yield { kind: "fine" };
      yield { kind: "error" };
    },
    { name: "wrong" },
    ({ kind }): never => {
      if (kind === "thrown") throw messages[kind];
      if (kind === "fine") return correct(true) as never;
      if (kind === "error") return result({ scores: [], error: "gave up" }) as never;
      if (kind === "cyclic") {
        const loop: Record<string, unknown> = {};
        loop.self = loop;
        return result({ scores: correct(true), metadata: { loop } }) as never;
      }
      return undefined as never;
    },
  );
  await using results = await run(wrong, { storage: memoryStorage(), experiment: "e" });
  const errors = (await recordsOf(results)).map(({ error }) => error?.message ?? "");
  assertEquals(errors[0], "just text");
  assertStringIncludes(errors[1] ?? "", "undefined (is a return missing?)");
  assertStringIncludes(errors[2] ?? "", "metadata.loop.self");
  assertEquals(errors[3], "");
  assertEquals(errors[4], "gave up");
  assertEquals(results.summary().errors, 4);
});

Deno.test("a row without a column becomes an error that names it, and the rest runs", async () => {
  const rows: AsyncIterable<unknown> = (async function* () {
    yield { question: "1 + 1", answer: 2 };
    yield await Promise.resolve({ question: "2 + 2" });
  })();
  const partial = foreach("question,answer", rows, () => correct(true));
  await using results = await run(partial, { storage: memoryStorage(), experiment: "e" });
  const records = await recordsOf(results);
  assertEquals(records[1]?.error, {
    name: "ColumnError",
    message: 'Row 1 has no column "answer": it has "question".',
  });
  assertEquals(results.summary().total, 2);
});

Deno.test("a dataset that fails ends its evaluation only, and keeps what it gave", async () => {
  const broken = foreach(
    "n",
    function* () {
      yield 1;
      throw new Error("disk gone");
    },
    { name: "broken" },
    () => correct(true),
  );
  const whole = foreach("n", [1, 2, 3], { name: "whole" }, () => correct(true));
  await using results = await run([broken, whole], { storage: memoryStorage(), experiment: "e" });
  assertEquals(results.evaluations.map(({ name, end, total }) => [name, end, total]), [
    ["broken", "failed", 1],
    ["whole", "complete", 3],
  ]);
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

Deno.test("fixtures and models are not set up when nothing is left to do", async () => {
  const storage = memoryStorage();
  let built = 0;
  const counted = fixture(() => ++built);
  const idle = foreach("n", [1], { name: "idle", fixtures: { counted } }, () => correct(true));
  await run(idle, { storage, experiment: "e" });
  await run(idle, { storage, experiment: "e" });
  assertEquals(built, 1);
});

Deno.test("a fixture that cannot be built fails its evaluation only", async () => {
  const broken = fixture(() => {
    throw new Error("no database");
  });
  const endless = function* () {
    for (let n = 0;; n++) yield n;
  };
  const using = foreach("n", endless, { name: "using", fixtures: { broken } }, () => correct(true));
  const other = foreach("n", [1], { name: "other" }, () => correct(true));
  await using results = await run([using, other], { storage: memoryStorage(), experiment: "e" });
  assertEquals(results.evaluations.map(({ end }) => end), ["failed", "complete"]);
  assertStringIncludes(String(results.evaluations[0]?.failure), "no database");
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

Deno.test("batch() gets rows as columns, in batches of what is left to do", async () => {
  const storage = memoryStorage();
  const batches: number[][] = [];
  let broken = true;
  const grouped = batch(
    "n",
    [1, 2, 3, 4, 5],
    { name: "grouped", batchSize: 2, concurrency: 1 },
    ({ n }, { items }) => {
      batches.push([...n]);
      return n.map((value, at) =>
        value % 2 === 0 && broken
          ? result({ error: `even at ${items[at]?.position}` })
          : correct(true)
      );
    },
  );
  const first = await run(grouped, { storage, experiment: "e" });
  assertEquals(batches, [[1, 2], [3, 4], [5]]);
  assertEquals(first.summary().errors, 2);
  broken = false;
  const second = await run(grouped, { storage, experiment: "e" });
  assertEquals(batches.slice(3), [[2, 4]]);
  assertEquals(second.summary(), { total: 5, errors: 0, metrics: { correct: { accuracy: 1 } } });
});

Deno.test("batch() takes one result for all, and refuses a wrong number of results", async () => {
  const one = batch("n", [1, 2, 3], { name: "one" }, () => correct(true));
  const few = batch("n", [1, 2, 3, 4], { name: "few", batchSize: 3 }, () => [correct(true)]);
  await using results = await run([one, few], { storage: memoryStorage(), experiment: "e" });
  assertEquals(results.evaluations.map(({ total, errors }) => [total, errors]), [[3, 0], [4, 3]]);
  const messages = (await recordsOf(results)).map(({ error }) => error?.message);
  assertStringIncludes(messages[3] ?? "", "returned 1 results for 3 rows");
  assertEquals(messages[6], undefined);
});

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
  assertEquals(commits.at(-1)?.metrics, [{ score: "correct", metric: "accuracy", value: 2 / 3 }]);
});

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

Deno.test("a row that has no stored form is an error of its own item", async () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  const rows: unknown[] = [{ n: 1 }, { n: loop }, { n: () => 1 }, { n: 2 }];
  const mixed = foreach("n", rows, { name: "mixed" }, () => correct(true));
  const storage = memoryStorage();
  await using results = await run(mixed, { storage, experiment: "e" });
  const errors = (await recordsOf(results)).map(({ error }) => error?.message ?? "");
  assertEquals(errors.map((message) => message !== ""), [false, true, true, false]);
  assertStringIncludes(errors[1] ?? "", "row.n.self");
  assertStringIncludes(errors[2] ?? "", "row.n");
});

Deno.test("run() throws what its only evaluation failed with", async () => {
  const missing = foreach(jsonl("no-such-file.jsonl"), () => correct(true));
  const error = await assertRejects(() =>
    run(missing, { storage: memoryStorage(), experiment: "e" })
  );
  assertStringIncludes(String(error), "no-such-file.jsonl");
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

Deno.test("an error whose name and message are no texts is recorded like any other", async () => {
  const odd = foreach("n", [1, 2], { name: "odd" }, ({ n }) => {
    if (n === 2) return correct(true);
    throw Object.assign(new Error("x"), { name: 5, message: { a: 1 }, stack: Symbol("s") });
  });
  await using results = await run(odd, { storage: memoryStorage(), experiment: "e" });
  assertEquals(results.summary().errors, 1);
  const [record] = await recordsOf(results);
  assertEquals(record?.error?.name, "Error");
});

Deno.test("an evaluation that cannot be planned is told by name, and the others run", async () => {
  const events: RunEvent[] = [];
  const short = () => "short";
  const wrong = foreach(
    "n",
    [1],
    { name: "wrong", params: { prompt: [short] } },
    () => correct(true),
  );
  const twice = foreach("n", [1], { name: "twice", params: { x: [1, 1] } }, () => correct(true));
  const good = foreach("n", [1], { name: "good" }, () => correct(true));
  await using results = await run([wrong, twice, good], {
    storage: memoryStorage(),
    experiment: "e",
    onEvent: (event) => events.push(event),
  });
  assertEquals(results.evaluations.map(({ name, end }) => [name, end]).toSorted(), [
    ["good", "complete"],
    ["twice", "failed"],
    ["wrong", "failed"],
  ]);
  const told = events.flatMap((event) => event.type === "message" ? [event.text] : []).join("\n");
  assertStringIncludes(told, "wrong cannot run: params.prompt");
  assertStringIncludes(told, "twice cannot run: Two of its variants are the same");
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

Deno.test("an iterator that was read before is refused, not taken for a dataset without rows", async () => {
  const storage = memoryStorage();
  const once = (function* () {
    yield* [1, 2, 3];
  })();
  const used = foreach("n", once, { name: "used" }, () => correct(true));
  await run(used, { storage, experiment: "e" });
  const error = await assertRejects(() => run(used, { storage, experiment: "e" }));
  assertStringIncludes(String(error), "an iterator that was read before");
  const [stored] = await storage.evaluations("e");
  assertEquals([stored?.completed, stored?.gone], [3, 0]);
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

Deno.test("a row is refused before it is paid for where it has no stored form", async () => {
  const asked: unknown[] = [];
  const rows: unknown[] = [{ q: 1, raw: () => 1 }, { q: { f: () => 1 } }];
  const stored = foreach("q", rows, { name: "stored" }, ({ q }) => {
    asked.push(q);
    return correct(true);
  });
  await using results = await run(stored, { storage: memoryStorage(), experiment: "e" });
  const records = await recordsOf(results);
  assertEquals(asked, [1]);
  assertEquals(records[0]?.row, { q: 1 });
  assertStringIncludes(records[1]?.error?.message ?? "", "row.q.f");
});

Deno.test("a dataset that throws nothing at all has failed nevertheless", async () => {
  const failing = foreach(
    "n",
    function* () {
      yield 1;
      throw undefined;
    },
    { name: "failing" },
    () => correct(true),
  );
  const good = foreach("n", [1], { name: "good" }, () => correct(true));
  await using results = await run([failing, good], { storage: memoryStorage(), experiment: "e" });
  assertEquals(results.evaluations.map(({ end }) => end), ["failed", "complete"]);
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
