import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { delay } from "@std/async/delay";
import { fromFileUrl } from "@std/path/from-file-url";
import { codeBlock } from "./code_block.ts";
import { codeTests } from "./code_tests.ts";

Deno.test("codeTests() is true where every test passes", async () => {
  const code = `
    type Pair = [number, number];
    export async function swap([a, b]: Pair): Promise<Pair> { return [b, a]; }
    console.log("noise");
  `;
  const made = await codeTests(code, "assert.deepEqual(await swap([1, 2]), [2, 1])");
  assertEquals([made.name, made.value], ["codeTests", true]);
  assertEquals(made.metadata, { code, passed: 1, total: 1, errors: [] });
  assertEquals(made.metrics.map(({ name }) => name), ["accuracy"]);
});

Deno.test("codeTests() runs CommonJS and scripts, whatever they add to the prototypes", async () => {
  const code = `#!/usr/bin/env node
    const path = require("path");
    Array.prototype.last = function () { return this[this.length - 1]; };
    function Name() {}
    Name.prototype = Object.create(Array.prototype);
    Name.prototype.constructor = Name;
    Name.prototype.toString = () => "name";
    class Lazy extends Promise { then(a, b) { return super.then(a, b); } }
    setInterval(() => {}, 1000);
    if (require.main === module) throw new Error("It is not the main module.");
    module.exports = { path };
  `;
  const tests = [
    'assert.equal(path.basename("a/b"), "b")',
    "assert.equal([1, 2].last(), 2)",
    "assert.equal(await Lazy.resolve(3), 3)",
  ];
  assertEquals((await codeTests(code, tests)).metadata.errors, []);
});

Deno.test("codeTests() says what is wrong with code that fails its tests or does not run", async () => {
  const cases = [
    ["const f = () => 1;", "assert.equal(f(), 2)", /Expected values to be strictly equal/],
    ["throw new RangeError('no')", "1", /RangeError: no/],
    ["const = 1;", "1", /error/],
    ["Deno.exit(0);", "1", /ended the process \(status 0\)/],
    ["", "undefinedName", /undefinedName is not defined/],
  ] as const;
  for (const [code, test, why] of cases) {
    const { value, metadata } = await codeTests(code, test);
    assertEquals([code, value, metadata.passed], [code, false, 0]);
    assertMatch(JSON.stringify([metadata.errors, metadata.error]), why);
  }
});

Deno.test("code has no permission: no files, no network, no environment, no programs", async () => {
  const refused = [
    'Deno.readTextFileSync("/etc/hostname")',
    'Deno.writeTextFileSync("a.txt", "a")',
    'Deno.env.get("HOME")',
    'await fetch("http://127.0.0.1:8080/")',
    'new Deno.Command("/bin/true").outputSync()',
    "Deno.hostname()",
    'Deno.dlopen("libc.so.6", {})',
    'await import("npm:ajv")',
    'await import("http://127.0.0.1:1/a.ts")',
    'await import("file:///etc/hostname")',
  ];
  const { value, metadata } = await codeTests("", refused);
  assertEquals([value, metadata.passed], [false, 0]);
  const errors: unknown = metadata.errors;
  assert(Array.isArray(errors));
  assertEquals(errors.length, refused.length);
  for (const error of errors.slice(0, 7)) assertMatch(String(error), /NotCapable/);
});

Deno.test("code cannot import files, which a main module could", async () => {
  const file = new URL("../../deno.json", import.meta.url);
  const imported = await codeTests(
    `import config from ${JSON.stringify(file)} with { type: "json" }; console.log(config);`,
    "1",
  );
  assertEquals([imported.value, imported.metadata.passed], [false, 0]);
  assertMatch(
    String(imported.metadata.error),
    /Requires read access to .*deno.json.*\n +at code:1:/,
  );
});

/** Each would pass tests that it fails, where what judges it could be reached. */
const CHEATS = {
  "ends the process": "Deno.exit(0);",
  "empties the report on its way": `
    (Array.prototype as any).toJSON = () => [];
    Object.defineProperty(Array.prototype, "0", { set() {}, configurable: true });
    Array.prototype.push = () => 0;`,
  "replaces the tests":
    'const dotevalsTests = [async () => {}]; queueMicrotask(() => eval("dotevalsTests[0] = 0"));',
  "exports a then":
    "export function then(give: any) { give({ program: new Proxy({}, { get: () => () => 0 }) }); }",
  "replaces promises": `
    Promise.prototype.then = function (done: any) { done(); return this as any; };
    Object.defineProperty(Promise.prototype, "constructor", { value: class {} });`,
  "replaces asserts": `
    import assert from "node:assert/strict";
    for (const name of Object.keys(assert)) (assert as any)[name] = () => {};`,
  "prints to what is captured": `
    const { print } = (Deno as any)[(Deno as any).internal].core;
    (Deno as any)[(Deno as any).internal].core.print = (text: string) => print(text.replace(/".*"/, ""));`,
  "reads the mark from a snapshot": `
    import { getHeapSnapshot } from "node:v8";
    let heap = "";
    for await (const part of getHeapSnapshot()) heap += part;
    for (const [mark] of heap.matchAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)) {
      console.log("\\n" + mark + "[]");
    }
    Deno.exit(0);`,
  "reads the mark from its file": 'console.log(Deno.readTextFileSync("mark"));',
} as const;

Deno.test("code that fails its tests cannot make them pass", async () => {
  for (const [cheat, code] of Object.entries(CHEATS)) {
    for (const test of ["assert.equal(1, 2)", "throw new RangeError('wrong')"]) {
      const { value, metadata } = await codeTests(code, test);
      assertEquals([cheat, value, metadata.passed], [cheat, false, 0]);
    }
  }
});

const PYTHON_CHEATS = {
  "ends the process": "import os; os._exit(0)",
  "replaces what runs tests":
    "import builtins; builtins.exec = lambda *a: None; builtins.compile = lambda *a: None",
  "empties what it finds on the stack": `
import sys
frame = sys._getframe()
while frame:
    for value in list(frame.f_locals.values()):
        if isinstance(value, list): value.clear()
    frame = frame.f_back`,
  "replaces the code of what runs tests": `
import gc, types
for found in gc.get_objects():
    if isinstance(found, types.FunctionType) and found.__name__ == "run":
        names = found.__code__.co_varnames[:found.__code__.co_argcount]
        found.__code__ = eval("lambda " + ", ".join(names) + ": None").__code__`,
  "reaches into JavaScript": `
import js
js.eval("""
  JSON.stringify = () => "[]";
  Array.prototype[Symbol.iterator] = function* () {};
  Object.getPrototypeOf(Uint8Array.prototype)[Symbol.iterator] = function* () {};
  crypto.randomUUID = () => "";
""")`,
} as const;

Deno.test("Python code that fails its tests cannot make them pass", async () => {
  for (const [cheat, code] of Object.entries(PYTHON_CHEATS)) {
    const options = { language: "python", timeout: 120_000 } as const;
    const { value, metadata } = await codeTests(code, "raise ValueError('wrong')", options);
    assertEquals([cheat, value, metadata.passed], [cheat, false, 0]);
  }
});

Deno.test("code that takes too long, too much memory or prints too much is killed", async () => {
  const endless = await codeTests("while (true) {}", "1", { timeout: 700 });
  assertEquals([endless.value, endless.metadata.error], [false, "It took longer than 700 ms."]);
  const greedy = "const all: unknown[] = []; while (true) all.push(new Uint8Array(1e7).fill(1));";
  const large = await codeTests(greedy, "1", { memory: 64 });
  assertEquals(large.value, false);
  assertMatch(String(large.metadata.error), /memory/);
  const loud = await codeTests('while (true) console.log("x".repeat(1e5));', "1");
  assertEquals([loud.value, loud.metadata.error], [false, "It printed too much."]);
});

/** The ids of a process's children. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`).catch(() => "");
  return text.split(" ").filter(Boolean).map(Number);
}

async function commandOf(pid: number): Promise<string> {
  return await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
}

/** How much of the processor a process has had, in hundredths of a second. */
async function timeOf(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[12]);
}

Deno.test({
  name: "code that spins is gone when the process that tests it is killed",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const program = fromFileUrl(new URL("./testing/endless.ts", import.meta.url));
    const args = ["run", "-A", program];
    const testing = new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).spawn();
    const started = async () => {
      const children = await childrenOf(testing.pid);
      const commands = await Promise.all(children.map(commandOf));
      const place = commands.findIndex((command) => command.includes("--no-prompt"));
      return commands.length === 2 ? children[place] : undefined;
    };
    let spinning: number | undefined;
    while ((spinning = await started()) === undefined) await delay(10);
    while (await timeOf(spinning) < 50) await delay(10); // more than it takes to start
    testing.kill("SIGKILL");
    await testing.status;
    while ((await commandOf(spinning)).includes("--no-prompt")) await delay(10);
  },
});

Deno.test("codeTests() needs a test", async () => {
  assertStringIncludes(String((await codeTests("1", [])).error), "needs a test");
});

Deno.test("codeTests() runs Python, which has no permission either", async () => {
  const code = `
import math
def area(r):
    return math.pi * r ** 2
`;
  const tests = [
    "assert round(area(1), 2) == 3.14",
    "assert area(1) == 3, 'too round'",
    "import js; js.Deno.readTextFileSync('/etc/hostname')",
    "raise SystemExit(0)",
  ];
  const { value, metadata } = await codeTests(code, tests, {
    language: "python",
    timeout: 120_000,
  });
  assertEquals(metadata.error, undefined);
  assertEquals([value, metadata.passed, metadata.total], [false, 1, 4]);
  const [round, read, exit]: readonly unknown[] = Array.isArray(metadata.errors)
    ? metadata.errors
    : [];
  assertEquals(round, "AssertionError: too round");
  assertMatch(String(read), /NotCapable/);
  assertMatch(String(exit), /SystemExit/);
});

Deno.test("codeBlock() takes the last fenced block, or the last of a language", () => {
  const text = "First:\n```ts\nlet a;\n```\nthen\n````python\nb = '```'\n````\n";
  assertEquals(codeBlock(text), "b = '```'\n");
  assertEquals(codeBlock(text, "TS"), "let a;\n");
  assertEquals(codeBlock(text, "rust"), text);
});
