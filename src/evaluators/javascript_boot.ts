/**
 * The module that runs a model's code and its tests, in a process of its own.
 *
 * @module
 */

/** What a process is given beside its mark. */
export interface TestedCode {
  readonly code: string;
  readonly tests: readonly string[];
}

/** Where a process finds what it prints before its report; it has the right to read it once. */
export const MARK_FILE = "mark";

/**
 * A module that imports the code and runs its tests, then prints a JSON array of errors behind the mark.
 *
 * The code shares a realm with what judges it. So what judges is taken before the code runs, keeps no arrays
 * that prototypes could reach into, and holds the mark in bytes only: texts are found in a heap snapshot. What
 * `await` and `assert` go through is locked. The tests are constants under a name that nobody can guess, and the code's
 * module is imported by another one: it would be waited for, if it exported a `then`.
 */
export function bootOf(tested: TestedCode): string {
  const name = `t${crypto.randomUUID().replaceAll("-", "")}_`;
  const between = `export * as program from ${JSON.stringify(addressOf(programOf(tested, name)))};`;
  // The addresses are no literals: what a main module imports statically is read without asking for permission.
  return `
const { exit, stdout } = Deno;
const { stringify } = JSON;
const { apply } = Reflect;
const Bytes = Uint8Array, Buffer = ArrayBuffer;
const { set } = Uint8Array.prototype;
const write = stdout.writeSync.bind(stdout);
const encoder = new TextEncoder();
const encode = encoder.encode.bind(encoder);
const { strict } = await import("node:assert");
const { createRequire } = await import("node:module");
// Much of what models write is CommonJS.
globalThis.require = createRequire("file:///code.js");
globalThis.module = { exports: {} };
globalThis.exports = module.exports;
const mark = Deno.readFileSync("${MARK_FILE}");
Deno.permissions.revokeSync({ name: "read" });
for (const object of [
  Promise, Promise.prototype, strict, Object, Array, JSON, Reflect, RegExp.prototype,
]) {
  for (const key of Reflect.ownKeys(object)) {
    const { writable } = Object.getOwnPropertyDescriptor(object, key);
    Object.defineProperty(object, key, { configurable: false, ...writable && { writable: false } });
  }
}
const address = ${JSON.stringify(addressOf(between))};
const { program } = await import(address);
let report = "[";
for (let n = 0; n < ${tested.tests.length}; n++) {
  try {
    await program["${name}" + n](strict);
  } catch (error) {
    report += (report === "[" ? "" : ",") + stringify(textOf(error));
  }
}
const text = encode(report + "]\\n");
const buffer = new Buffer(1 + mark.length + text.length);
const line = new Bytes(buffer);
line[0] = 10;
apply(set, line, [mark, 1]);
apply(set, line, [text, 1 + mark.length]);
for (let at = 0; at < line.length;) at += write(new Bytes(buffer, at));
exit(0);

function textOf(error) {
  try {
    return \`\${error}\`;
  } catch {
    return "an error without a text";
  }
}
`;
}

/** The code, and each test as a function that sees what the code declares. */
function programOf({ code, tests }: TestedCode, name: string): string {
  const functions = tests.map((test, n) =>
    `export const ${name}${n} = async (assert: any) => {\n${test}\n};`
  );
  return `${code}\n;${functions.join("\n")}\n`;
}

function addressOf(module: string): string {
  return `data:application/typescript;base64,${new TextEncoder().encode(module).toBase64()}`;
}
