/**
 * The whole suite: `deno task test`. Runs every step, shows the output of those that fail, and closes
 * with the line `N passed, N failed`, which counts the steps and the tests in them. With arguments,
 * only the steps whose title contains one of them.
 */
import { print } from "./print.ts";
import { sourceFiles } from "./source_files.ts";
import { type Step, suite, type SuiteFiles } from "./steps.ts";
import { type TestCounts, testCounts } from "./test_counts.ts";
import { testEnvironment } from "./test_environment.ts";

const ROOT = new URL("../", import.meta.url);
const CHECKED = ["src", "providers", "packages", "tests", "bench", "tasks", "examples"];

/** What Deno says of optional types that npm packages name and nobody installs. */
const UNRESOLVED_TYPES = /^Warning Failed resolving types\..*\n(?: +at .*\n)?/gm;

/** What Deno says of a test that passed. */
const PASSED_TEST = /^.* \.\.\. ok \(\S+\)\n/gm;

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(only: readonly string[]): Promise<number> {
  const chosen = suite(await findFiles()).filter(({ title }) =>
    only.length === 0 || only.some((words) => title.includes(words))
  );
  let passed = 0;
  let failed = 0;
  for (const step of chosen) {
    const counts = await run(step);
    passed += counts.passed;
    failed += counts.failed;
  }
  await print(`${passed} passed, ${failed} failed`);
  return failed === 0 && chosen.length > 0 ? 0 : 1;
}

/** Runs one step and says how it went; the counts are the step itself and its tests. */
async function run(step: Step): Promise<TestCounts> {
  const start = performance.now();
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  const [command = "", ...rest] = step.args;
  const output = await new Deno.Command(Deno.execPath(), {
    args: step.tests ? [command, `--junit-path=${report}`, ...rest] : [...step.args],
    cwd: new URL(step.cwd ?? "", ROOT),
    clearEnv: true,
    env: testEnvironment(),
    stdin: "null",
  }).output();
  const tests = testCounts(await Deno.readTextFile(report));
  await Deno.remove(report);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const outcome = output.success ? "ok" : "FAILED";
  await print(
    `${step.title}: ${outcome}${step.tests ? `, ${sentence(tests)}` : ""} (${seconds} s)`,
  );
  const shown = step.shown && new TextDecoder().decode(output.stdout).match(step.shown)?.[0];
  if (shown) await print(shown);
  if (!output.success) await show(output);
  return {
    passed: tests.passed + (output.success ? 1 : 0),
    failed: tests.failed + (output.success ? 0 : 1),
    ignored: tests.ignored,
  };
}

function sentence({ passed, failed, ignored }: TestCounts): string {
  return `${passed} tests passed, ${failed} failed${ignored > 0 ? `, ${ignored} ignored` : ""}`;
}

async function show({ stdout, stderr }: Deno.CommandOutput): Promise<void> {
  for (const bytes of [stdout, stderr]) {
    const text = new TextDecoder().decode(bytes).replaceAll(UNRESOLVED_TYPES, "")
      .replaceAll(PASSED_TEST, "").trimEnd();
    if (text !== "") await print(text);
  }
  await print("");
}

/** Those of `files` that have a code block in a comment; `deno test` is slow to find that out. */
async function withExamples(files: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(files.map((file) => Deno.readTextFile(new URL(file, ROOT))));
  return files.filter((_, at) => texts[at]?.includes(" * ```"));
}

async function findFiles(): Promise<SuiteFiles> {
  const files = (await Promise.all(CHECKED.map((folder) => sourceFiles(folder, ROOT)))).flat()
    .filter((path) => !path.startsWith("tests/fixtures/malformed/"));
  const modules = files.filter((path) =>
    /^(src|providers)\//.test(path) && !/_test(_|\.)|\/testing\//.test(path)
  );
  return {
    checked: ["mod.ts", "testing.ts", "cli.ts", ...files],
    documented: await withExamples(["mod.ts", ...modules]),
    published: [
      "mod.ts",
      "testing.ts",
      "cli.ts",
      "packages/cli/mod.ts",
      ...modules.filter((path) => /^providers\/[^_/][^/]*$/.test(path)),
    ],
    tests: files.filter((path) => path.endsWith("_test.ts")),
  };
}
