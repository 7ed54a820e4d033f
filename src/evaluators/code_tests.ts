/**
 * Whether code that a model wrote passes tests.
 *
 * @module
 */
import { evaluator, type RenameOptions } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { type Confined, type ConfinedEnd, runConfined } from "./confined_process.ts";
import { bootOf, MARK_FILE, type TestedCode } from "./javascript_boot.ts";

/** Options of {@linkcode codeTests}. */
export interface CodeTestsOptions extends RenameOptions {
  /**
   * What code and tests are written in; JavaScript is TypeScript. Python runs by Pyodide, which is
   * downloaded (some 10 MB) when it is first used.
   *
   * @default {"typescript"}
   */
  readonly language?: "typescript" | "python";
  /**
   * Milliseconds for the code and all tests, with the start of the process (about 50 ms for TypeScript, some
   * seconds for Python).
   *
   * @default {10_000; for Python 30_000}
   */
  readonly timeout?: number;
  /**
   * Megabytes of memory.
   *
   * @default {256; for Python 512}
   */
  readonly memory?: number;
}

/**
 * Runs code that a model wrote, then tests, and scores whether all of them pass: a test passes that does
 * not throw. TypeScript is transpiled, not checked; CommonJS runs, too. Tests have `assert` of `node:assert/strict`, may use
 * `await`, and see what the code declares. Each call is a Deno process of its own without any permission: no
 * files, no network, no environment, no other programs. (What starts it may read files, and no longer when the
 * code runs.) A process that takes too long, too much memory or prints more than 4 MB is killed.
 *
 * A test that does not pass, code that throws, ends the process or does not parse make the score `false`. Code
 * cannot reach what counts and reports its tests, and cannot change `assert`; it may change what a test calls beside
 * that (`Math.max`, a method of `Array`): where a model may cheat, compare values by `assert` only. Python hides
 * nothing from Python: replaced builtins and emptied lists of tests do not help code there, but one that is written
 * against this runner could.
 *
 * Its metric is `accuracy` (with `repeats`, add `passAtK`); its metadata are `passed`, `total`, `errors`
 * with a text per failed test, and `error` where something else went wrong.
 *
 * @example
 * ```ts
 * import { codeTests } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const code = "export function add(a: number, b: number) { return a + b; }";
 * const made = await codeTests(code, ["assert.equal(add(1, 2), 3)", "assert.equal(add(1, 2), 4)"]);
 * assertEquals([made.value, made.metadata.passed, made.metadata.total], [false, 1, 2]);
 * ```
 */
export const codeTests: (
  code: string,
  tests: string | readonly string[],
  options?: CodeTestsOptions,
) => Promise<Score> = evaluator(
  async function codeTests(
    code: string,
    tests: string | readonly string[],
    options: CodeTestsOptions = {},
  ): Promise<Score> {
    const all = typeof tests === "string" ? [tests] : [...tests];
    if (all.length === 0) throw new TypeError("codeTests() needs a test.");
    const mark = crypto.randomUUID();
    const end = await runConfined(confinedFor({ code, tests: all }, mark, options));
    const outcome = outcomeOf(end, mark, options);
    const passed = all.length - outcome.errors.length;
    const isRight = outcome.error === undefined && passed === all.length;
    const counts = { passed: outcome.error === undefined ? passed : 0, total: all.length };
    return score("codeTests", isRight, { metadata: { code, ...counts, ...outcome } });
  },
  { metrics: [accuracy()], takesOptions: true },
);

function confinedFor(tested: TestedCode, mark: string, options: CodeTestsOptions): Confined {
  const { language = "typescript" } = options;
  const secret = { name: MARK_FILE, text: mark };
  if (language === "python") {
    const { timeout = 30_000, memory = 512 } = options;
    const runner = import.meta.resolve("./python_runner.ts");
    return {
      args: ["--allow-read", runner],
      usesCache: true,
      input: JSON.stringify(tested),
      file: secret,
      timeoutMs: timeout,
      memoryMb: memory,
    };
  }
  const { timeout = 10_000, memory = 256 } = options;
  return {
    args: [`--allow-read=${MARK_FILE}`, "--no-config", "--no-remote", "--no-npm", "--ext=ts", "-"],
    input: bootOf(tested),
    file: secret,
    timeoutMs: timeout,
    memoryMb: memory,
  };
}

/** The program's address, which is all of it. */
const PROGRAM = /data:application\/typescript;base64,[\w+/=]+/g;

/** What went wrong with tests, or with all of it. */
interface TestsOutcome {
  readonly errors: readonly string[];
  readonly error?: string;
}

function outcomeOf(
  { killed, code, stdout, stderr }: ConfinedEnd,
  mark: string,
  { timeout }: CodeTestsOptions,
): TestsOutcome {
  const line = stdout.split("\n").findLast((printed) => printed.startsWith(mark));
  if (killed !== undefined) return { errors: [], error: REASONS[killed](timeout) };
  if (line !== undefined) return { errors: JSON.parse(line.slice(mark.length)) };
  const said = stderr.replaceAll(PROGRAM, "code").trim().split("\n").slice(-20).join("\n");
  return { errors: [], error: said || `The code ended the process (status ${code}).` };
}

const REASONS = {
  time: (timeout: number | undefined) => `It took longer than ${timeout ?? "the default"} ms.`,
  memory: () => "It took too much memory.",
  output: () => "It printed too much.",
} as const;
