/**
 * Runs Python code and its tests by Pyodide; the main module of a process of its own.
 *
 * Reads a `TestedCode` from its input, and prints a JSON array of errors behind the mark.
 *
 * @module
 */
import { loadPyodide } from "pyodide";
import { MARK_FILE, type TestedCode } from "./javascript_boot.ts";

/** Gives why a program could not run to its end, as text. */
const RUN = `
def run(program, namespace, exec=exec, compile=compile, BaseException=BaseException, type=type, str=str):
    try:
        exec(compile(program, "<code>", "exec"), namespace)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
run`;

/** What the last line of a test sets. */
const END = "dotevals_end";

/**
 * The code may change what runs it: all of Python is open to it, and by its module `js` the realm of this module. So a
 * test has passed only when its last line has run, which says a word that was not there before; and what judges and
 * prints is taken before the code runs, as `javascript_boot.ts` does.
 */
async function main(): Promise<void> {
  const { exit, stdout } = Deno;
  const { stringify } = JSON;
  const newWord = crypto.randomUUID.bind(crypto);
  const write = stdout.writeSync.bind(stdout);
  const encode = TextEncoder.prototype.encode.bind(new TextEncoder());
  const set = Function.prototype.call.bind(Uint8Array.prototype.set);
  const Bytes = Uint8Array;
  const { code, tests }: TestedCode = JSON.parse(await new Response(Deno.stdin.readable).text());
  const python = await loadPyodide();
  const mark = await Deno.readFile(MARK_FILE);
  await Deno.permissions.revoke({ name: "read" });
  const run = python.runPython(RUN);
  const namespace = python.runPython('{"__name__": "__main__"}');
  const failure: unknown = run(code, namespace);
  if (failure !== undefined) throw new Error(`${failure}`);
  let report = "[";
  for (let n = 0; n < tests.length; n++) {
    const word = newWord();
    const failure: unknown = run(`${tests[n]}\n${END} = "${word}"`, namespace);
    if (failure === undefined && namespace.get(END) === word) continue;
    const text = `${failure ?? "It did not run to its end."}`;
    report += `${report === "[" ? "" : ","}${stringify(text)}`;
  }
  const text = encode(`${report}]\n`);
  const line = new Bytes(1 + mark.length + text.length);
  line[0] = 10;
  set(line, mark, 1);
  set(line, text, 1 + mark.length);
  write(line);
  exit(0);
}

if (import.meta.main) await main();
