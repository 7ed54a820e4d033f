import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startModelServer } from "../faults/model_server.ts";
import { fixturePath, workplace } from "./command.ts";

const BASIC = ["run", fixturePath("basic"), "--quiet"];

Deno.test("run --gate exits with 1 and the reason where a gate fails, and compares with a baseline", async () => {
  await using place = await workplace();
  const first = await place.dotevals(...BASIC, "--experiment", "first", "--gate", "errors >= 0");
  assertEquals(first.code, 0, first.stderr);
  assertStringIncludes(first.stderr, "gate passed: errors >= 0: 0 for 3 items");
  const strict = [...BASIC, "--experiment", "second", "--gate", "errors < 0"];
  const failed = await place.dotevals(...strict);
  assertEquals(failed.code, 1, failed.stderr);
  assertStringIncludes(failed.stderr, "gate failed: errors < 0: 0 for 3 items; it must be < 0");
  assert(failed.stdout.startsWith("evaluation"), failed.stdout);
  // A gate that failed says more than a file that was left out.
  const missing = await place.dotevals(...strict, "--experiment", "missing", "nowhere.eval.ts");
  assertEquals(missing.code, 1, missing.stderr);
  assertStringIncludes(missing.stderr, "nowhere.eval.ts");
  const gate = ["--gate", "errors <= baseline", "--baseline", "first"];
  assertEquals((await place.dotevals(...BASIC, "--experiment", "third", ...gate)).code, 0);
});

Deno.test("a gate that cannot be judged ends a run with 2 before any call", async () => {
  await using model = startModelServer();
  await using place = await workplace({ OPENAI_BASE_URL: model.url, ITEMS: "3" });
  const asking = ["run", fixturePath("asking"), "--model", "openai:m", "--experiment", "e"];
  const wrong = [
    [["--gate", "a.b => 1"], 'The gate "a.b => 1" cannot be read.'],
    [["--gate", "a.b > baseline"], "needs a baseline"],
    [["--gate", "errors > baseline", "--baseline", "none"], 'There is no experiment "none".'],
  ] as const;
  for (const [gate, message] of wrong) {
    const { code, stderr } = await place.dotevals(...asking, ...gate);
    assertEquals([code, model.calls.length], [2, 0], stderr);
    assertStringIncludes(stderr, message);
  }
  // What its evaluations are scored by is known once they have run.
  const mistyped = ["--gate", "exactMatch.acuracy > 0"];
  const first = await place.dotevals(...asking, ...mistyped);
  assertEquals([first.code, model.calls.length], [2, 3], first.stderr);
  const again = await place.dotevals(...asking, ...mistyped, "--samples", "5");
  assertEquals([again.code, model.calls.length], [2, 3]);
  assertStringIncludes(again.stderr, 'Did you mean "exactMatch.accuracy"?');
});
