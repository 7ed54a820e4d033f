import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { jsonl } from "../datasets/jsonl.ts";
import { fixture } from "../evaluation/fixture.ts";
import { foreach } from "../evaluation/foreach.ts";
import { result } from "../evaluation/result.ts";
import { memoryStorage } from "../storage/memory.ts";
import type { RunEvent } from "./events.ts";
import { run } from "./run.ts";
import { correct, recordsOf } from "./testing/records.ts";

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
