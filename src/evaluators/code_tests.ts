/**
 * Whether code that a model wrote passes tests.
 *
 * @module
 */
import { evaluator, type RenameOptions } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { type Confined, type ConfinedEnd, runConfined } from "./confined_process.ts";

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
 * not throw. TypeScript is transpiled, not checked; tests have `assert` of `node:assert/strict`, may use
 * `await`, and see what the code declares. Each call is a Deno process of its own without any permission: no
 * files, no network, no environment, no other programs. (Python's runner may read files until Pyodide is
 * loaded, and no longer when the code starts.) A process that takes too long, too much memory or prints more
 * than 4 MB is killed.
 *
 * A test that does not pass, code that throws, ends the process or does not parse make the score `false`. Code
 * that wants to cheat may change what tests call: look at what it does where that matters.
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
    const end = await runConfined(confinedFor({ code, tests: all, mark }, options));
    const outcome = outcomeOf(end, mark, options);
    const passed = all.length - outcome.errors.length;
    const isRight = outcome.error === undefined && passed === all.length;
    const counts = { passed: outcome.error === undefined ? passed : 0, total: all.length };
    return score("codeTests", isRight, { metadata: { code, ...counts, ...outcome } });
  },
  { metrics: [accuracy()], takesOptions: true },
);

/** What a process is given; it prints a JSON array of errors behind the mark. */
export interface TestedCode {
  readonly code: string;
  readonly tests: readonly string[];
  readonly mark: string;
}

const NO_IMPORTS = ["--no-config", "--no-remote", "--no-npm", "--ext=ts", "-"] as const;

function confinedFor(tested: TestedCode, options: CodeTestsOptions): Confined {
  const { language = "typescript" } = options;
  if (language === "python") {
    const { timeout = 30_000, memory = 512 } = options;
    const runner = import.meta.resolve("./python_runner.ts");
    return {
      args: ["--allow-read", runner],
      usesCache: true,
      input: JSON.stringify(tested),
      timeoutMs: timeout,
      memoryMb: memory,
    };
  }
  const { timeout = 10_000, memory = 256 } = options;
  return {
    args: NO_IMPORTS,
    input: bootOf(tested),
    timeoutMs: timeout,
    memoryMb: memory,
  };
}

/**
 * A module that imports the program and runs its tests. What a process's main module imports statically is
 * read without asking for permission; what is imported dynamically is not. The program neither sees the mark
 * nor changes what prints it.
 */
function bootOf(tested: TestedCode): string {
  const bytes = new TextEncoder().encode(programOf(tested));
  // Not a literal: that counts as imported statically.
  return `const { log } = console;
const { stringify } = JSON;
const { exit } = Deno;
const { strict } = await import("node:assert");
const address = "data:application/typescript;base64,${bytes.toBase64()}";
const { ${TESTS} } = await import(address);
const errors = [];
for (let n = 0; n < ${tested.tests.length}; n++) {
  try {
    await ${TESTS}[n](strict);
  } catch (error) {
    errors[errors.length] = \`\${error}\`;
  }
}
log("\\n${tested.mark}" + stringify(errors));
exit(0);
`;
}

/** What the program exports its tests as. */
const TESTS = "dotevalsTests";

/** The code, and each test as a function that sees what the code declares. */
function programOf({ code, tests }: TestedCode): string {
  const functions = tests.map((test) => `async (assert: any) => {\n${test}\n}`);
  return `${code}\n;export const ${TESTS} = [${functions.join(",\n")}];\n`;
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
