import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { finished, fixturePath, readUntil, shown, workplace } from "./command.ts";

Deno.test("run prints a table on standard output and all else on standard error", async () => {
  await using place = await workplace();
  const { code, stdout, stderr } = await place.dotevals("run", fixturePath("basic"));
  assertEquals(code, 0, stderr);
  assertMatch(
    stdout,
    /^evaluation +model +items +errors +exactMatch\.accuracy +time\nsums +echo: +3\/3/,
  );
  assertMatch(stderr, /^Experiment \d{4}-\d\d-\d\dT/);
  assertStringIncludes(stderr, "sums [model=echo:]: 3 items");
  // deno-lint-ignore no-control-regex -- what this test is about
  assert(!/[\x00-\x08\x0b-\x1f]/.test(stdout + stderr), "no control characters in a pipe");
});

Deno.test("run again skips what is recorded, runs again what failed, and doubles nothing", async () => {
  await using place = await workplace({ ASKED: "asked.txt" });
  const args = ["run", fixturePath("failing"), "--experiment", "e", "--concurrency", "1"];
  const first = await place.start(args, { env: { FAIL: "b" } }).output();
  assertEquals(first.code, 0);
  const between = await place.dotevals("show", "e", "--errors");
  assertStringIncludes(between.stdout, "TypeError: no luck with b");
  assertEquals((await place.dotevals(...args)).code, 0);
  assertEquals((await place.dotevals(...args)).code, 0);
  assertEquals(await Deno.readTextFile(join(place.folder, "asked.txt")), "a\nb\nc\nb\n");
  await using whole = await workplace();
  await whole.dotevals(...args);
  assertEquals(await shown(place, "e"), await shown(whole, "e"));
});

Deno.test("one bad part never spoils the rest, and each gets its own message", async () => {
  await using place = await workplace();
  const { code, stdout, stderr } = await place.dotevals("run", fixturePath("broken"));
  assertEquals(code, 2, stderr);
  assertStringIncludes(stderr, "throws.eval.ts: could not be imported: no key in the environment");
  assertStringIncludes(stderr, "nothing.eval.ts: exports no evaluation.");
  assertStringIncludes(stderr, '2 evaluations are named "same" and were left out');
  assertStringIncludes(stderr, "empty: its dataset is empty.");
  assertMatch(stdout, /good +1\/1 +0 +1\.000/);
  assertMatch(stdout, /lines +4\/4 +2 +/);
  assertMatch(stdout, /nonsense +3\/3 +2 +/);
  const [{ name: experiment }] = JSON.parse((await place.dotevals("list", "--json")).stdout);
  const errors = (await place.dotevals("show", experiment, "--errors")).stdout;
  assertStringIncludes(errors, "rows.jsonl");
  assertStringIncludes(errors, "line 2");
  assertStringIncludes(errors, 'Row 2 has no column "answer"');
  assertStringIncludes(errors, '{"status":500}');
  assertStringIncludes(errors, 'returned the string "wrong"');
});

Deno.test("run exits with 1 when every item of an evaluation failed", async () => {
  await using place = await workplace({ FAIL: "abc" });
  const { code, stderr } = await place.dotevals("run", fixturePath("failing"), "--experiment", "e");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "3 items ended with errors; to see: deno run -A ");
});

Deno.test("run exits with 2 for wrong usage, naming what was meant", async () => {
  await using place = await workplace();
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [["run"], "needs a file or folder"],
    [["run", "missing.eval.ts"], "There is no file or folder missing.eval.ts."],
    [["run", fixturePath("basic"), "--experimnt", "e"], "Did you mean --experiment?"],
    [["run", fixturePath("basic"), "--concurrency", "many"], '--concurrency is "many"'],
    [["run", fixturePath("basic"), "--samples", "0"], '--samples is "0"'],
    [["run", fixturePath("basic"), "--filter", "sms"], 'Did you mean "sums"?'],
    [["run", fixturePath("basic"), "--reporter", "prety"], "Did you mean pretty?"],
    [["run", fixturePath("basic"), "--model-option", "x.y=1"], "a model that is not given"],
    [["run", fixturePath("basic"), "--storage", "nonsense"], '"nonsense" names no storage'],
    [["run", fixturePath("basic"), "--experiment", ""], "--experiment has no value"],
    [["run", fixturePath("basic"), "--experiment", " "], 'cannot be named " "'],
    [["rename", "e", ""], 'cannot be named ""'],
    [["run", fixturePath("basic"), "--experiment=-e"], 'cannot be named "-e"'],
    [["rnu"], "Did you mean run?"],
    [["--versio"], "Did you mean --version?"],
    [["show"], "needs EXPERIMENT"],
  ];
  for (const [args, text] of wrong) {
    const { code, stderr } = await place.dotevals(...args);
    assertEquals(code, 2, `${args}: ${stderr}`);
    assertStringIncludes(stderr, text);
    assert(stderr.trim().split("\n").length <= 3, stderr);
    assert(!stderr.includes("    at "), `no stack without --debug: ${stderr}`);
  }
});

Deno.test("run exits with 3 when a model or the storage cannot start", async () => {
  await using place = await workplace();
  const modelless = await place.dotevals(
    "run",
    fixturePath("basic"),
    "--model",
    "openai:gpt-4o-mini",
  );
  assertEquals(modelless.code, 3, modelless.stderr);
  assertStringIncludes(modelless.stderr, "OPENAI_API_KEY");
  await place.write("no.db", "this is no database, whatever its name says, not at all");
  const storage = await place.dotevals("run", fixturePath("basic"), "--storage", "no.db");
  assertEquals(storage.code, 3, storage.stderr);
  assertStringIncludes(storage.stderr, "no.db");
});

Deno.test("models given by name are variants, beside params and repeats", async () => {
  await using place = await workplace();
  const { code, stdout } = await place.dotevals(
    "run",
    fixturePath("variants"),
    "--model",
    "fast=echo:",
    "--model",
    "slow=echo:",
    "--model-option",
    "slow.delayMs=1",
    "--reporter",
    "json",
    "--experiment",
    "v",
  );
  assertEquals(code, 0);
  const document = JSON.parse(stdout);
  assertEquals(
    document.evaluations.map((
      { variant, items, metrics }: {
        variant: unknown;
        items: number;
        metrics: { exactMatch: { accuracy: number } };
      },
    ) => [variant, items, metrics.exactMatch.accuracy]),
    [
      [{ model: "fast", style: "plain" }, 4, 1],
      [{ model: "fast", style: "loud/er" }, 4, 0],
      [{ model: "slow", style: "plain" }, 4, 1],
      [{ model: "slow", style: "loud/er" }, 4, 0],
    ],
  );
  const again = await place.dotevals(
    "run",
    fixturePath("variants"),
    "--model",
    "fast=echo:",
    "--experiment",
    "v",
  );
  assertStringIncludes(again.stderr, "4 items, 4 recorded before");
});

Deno.test("a changed evaluation is refused before anything runs, unless --keep or --fresh", async () => {
  await using place = await workplace();
  const core = new URL("../../mod.ts", import.meta.url).href;
  await place.write("part.ts", "export const right = 1;\n");
  const file = await place.write(
    "one.eval.ts",
    `import { exactMatch, foreach } from "${core}";
import { right } from "./part.ts";
export const one = foreach("n", [1, 2], ({ n }) => exactMatch(n, right));\n`,
  );
  const args = ["run", file, "--experiment", "e"];
  assertEquals((await place.dotevals(...args)).code, 0);
  await place.write("part.ts", "export const right = 2; // changed\n");
  const refused = await place.dotevals(...args);
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, '"one" has changed since its results were recorded');
  assertStringIncludes(refused.stderr, "--keep");
  assertStringIncludes(refused.stderr, "--fresh");
  assertEquals((await place.dotevals(...args, "--keep")).code, 0);
  assertEquals((await place.dotevals(...args)).code, 0, "what was kept is the definition now");
  const fresh = await place.dotevals(...args, "--fresh");
  assertEquals(fresh.code, 0, fresh.stderr);
  assertStringIncludes(fresh.stderr, "2/2 items");
});

Deno.test("a changed option of the model, or version, is refused before any call", async () => {
  await using place = await workplace();
  const core = new URL("../../mod.ts", import.meta.url).href;
  const file = await place.write(
    "one.eval.ts",
    `import { exactMatch, foreach } from "${core}";
export const one = foreach(
  "n",
  [1, 2],
  { version: Deno.env.get("VERSION") ?? "1" },
  async ({ n }, { model }) => {
    console.error("called");
    return exactMatch((await model.generate(String(n))).text, "1");
  },
);\n`,
  );
  const args = ["run", file, "--experiment", "e", "--model", "m=echo:"];
  assertEquals((await place.dotevals(...args)).code, 0);
  const changes = [
    { more: ["--model-option", "m.delayMs=1"], env: {}, words: "its model's options" },
    { more: [], env: { VERSION: "2" }, words: 'its version ("1" then, "2" now)' },
  ];
  for (const { more, env, words } of changes) {
    const start = (...also: readonly string[]) =>
      finished(place.start([...args, ...more, ...also], { env }));
    const refused = await start();
    assertEquals(refused.code, 2);
    for (const said of [words, "--keep", "--fresh"]) assertStringIncludes(refused.stderr, said);
    assert(!refused.stderr.includes("called"), "refused before any call");
    const kept = await start("--keep");
    assertEquals([kept.code, kept.stderr.includes("called")], [0, false]);
    const fresh = await start("--fresh");
    assertEquals([fresh.code, fresh.stderr.includes("called")], [0, true]);
    assertEquals((await finished(place.start([...args, "--fresh"]))).code, 0);
  }
});

Deno.test("a second session on one experiment is told who holds it", async () => {
  await using place = await workplace({ HANG: "5" });
  const args = ["run", fixturePath("slow"), "--experiment", "e"];
  const first = place.start(args);
  await readUntil(first.stdout, "waiting");
  const second = await place.dotevals(...args);
  first.kill("SIGKILL");
  await finished(first);
  assertEquals(second.code, 3);
  assertStringIncludes(second.stderr, String(first.pid));
  const taken = await place.start(["run", fixturePath("slow"), "--experiment", "e"], {
    env: { HANG: "99" },
  }).output();
  assertEquals(taken.code, 0);
});

Deno.test("the session log tells what happened, line by line", async () => {
  await using place = await workplace();
  await place.dotevals("run", fixturePath("basic"), "--log", "log.jsonl", "--log-level", "debug");
  const lines = (await Deno.readTextFile(join(place.folder, "log.jsonl"))).trim().split("\n")
    .map((line) => JSON.parse(line));
  const types = lines.map(({ type }) => type);
  for (
    const type of [
      "session-started",
      "evaluation-started",
      "model-ready",
      "items-committed",
      "evaluation-finished",
      "session-finished",
    ]
  ) assert(types.includes(type), `${type} in ${types}`);
});
