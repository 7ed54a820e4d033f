import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
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

Deno.test("code cannot print the outcome of its tests itself", async () => {
  const cheat = `
    const print = console.log;
    const mark = atob(import.meta.url.split(",")[1]).match(/[0-9a-f-]{36}/)?.[0];
    console.log = () => print("\\n" + mark + "[]");
    JSON.stringify = () => "[]";
    Array.prototype.push = () => 0;
    Deno.exit = () => {};
  `;
  const { value, metadata } = await codeTests(cheat, "throw new RangeError('wrong')");
  assertEquals([value, metadata.errors], [false, ["RangeError: wrong"]]);
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
