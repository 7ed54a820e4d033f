/**
 * Runs Python code and its tests by Pyodide; the main module of a process of its own.
 *
 * Reads `{ code, tests, mark }` from its input, and prints a JSON array of errors behind the mark.
 *
 * @module
 */
import { loadPyodide } from "pyodide";
import type { TestedCode } from "./code_tests.ts";

const RUN = `
def __dotevals_run(code, tests):
    namespace = {"__name__": "__main__"}
    exec(compile(code, "<code>", "exec"), namespace)
    errors = []
    for test in tests:
        try:
            exec(compile(test, "<test>", "exec"), namespace)
        except BaseException as error:
            errors.append(f"{type(error).__name__}: {error}")
    return errors
`;

async function main(): Promise<void> {
  const input = await new Response(Deno.stdin.readable).text();
  const { code, tests, mark }: TestedCode = JSON.parse(input);
  const python = await loadPyodide();
  await Deno.permissions.revoke({ name: "read" });
  python.runPython(RUN);
  const errors = python.globals.get("__dotevals_run")(code, python.toPy(tests)).toJs();
  await Deno.stdout.write(new TextEncoder().encode(`\n${mark}${JSON.stringify(errors)}\n`));
  Deno.exit(0);
}

if (import.meta.main) await main();
