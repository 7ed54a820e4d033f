import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  type ModuleServer,
  serveModules,
} from "../../src/providers/sandbox/testing/module_server.ts";
import { type Workplace, workplace } from "../cli/command.ts";

const EVALUATION = `import { exactMatch, foreach } from "${import.meta.resolve("../../mod.ts")}";
export const echoes = foreach("text", [["a"], ["b"]], async ({ text }, { model }) =>
  exactMatch((await model.generate(text)).text, text));
`;

/** A plugin that says when any of it runs: every run of it is a line in the log. */
function plugin(permissions = "{}"): string {
  return `import { shout } from "./lib/shout.js";
console.error("the plugin runs");
export default {
  [Symbol.for("dotevals.provider")]: 1, name: "acme", permissions: ${permissions},
  setup: (spec) => ({ resourceId: spec, teardown() {},
    model: { generate: async (text) => ({ text: shout(text) }) } }),
};`;
}

const SHOUT = "export function shout(text) { return text; }";
const CHANGED =
  "console.error('the plugin runs'); export function shout(text) { return text + '!'; }";

interface Project extends AsyncDisposable {
  readonly place: Workplace;
  readonly server: ModuleServer;
  readonly url: string;
  /** Runs the evaluation; says whether any of the plugin ran. */
  run(): Promise<{ code: number; stderr: string; ran: boolean }>;
  /** Forgets what was downloaded, as on another machine. */
  onAnotherMachine(): Promise<void>;
}

async function project(): Promise<Project> {
  await using made = new AsyncDisposableStack();
  const place = made.use(await workplace());
  const server = made.use(serveModules({ "/plugin.js": plugin(), "/lib/shout.js": SHOUT }));
  await place.write("evals/echoes.eval.ts", EVALUATION);
  const url = `${server.origin}/plugin.js`;
  let runs = 0;
  const whole = made.move();
  return {
    place,
    server,
    url,
    async run() {
      const log = `log${runs++}.jsonl`;
      const options = ["--model", `${url}#m`, "--experiment", `e${runs}`, "--log", log];
      const { code, stderr } = await place.dotevals("run", "evals/", ...options);
      const text = await Deno.readTextFile(`${place.folder}/${log}`).catch(() => "");
      return { code, stderr, ran: text.includes("the plugin runs") };
    },
    onAnotherMachine: () => Deno.remove(`${place.folder}/.dotevals/providers`, { recursive: true }),
    [Symbol.asyncDispose]: () => whole[Symbol.asyncDispose](),
  };
}

async function added(): Promise<Project> {
  const made = await project();
  const { code, stderr } = await made.place.dotevals("providers", "add", made.url, "--yes");
  assertEquals(code, 0, stderr);
  return made;
}

Deno.test("a plugin that was added runs, here and on another machine, and asks its origin for nothing", async () => {
  await using made = await added();
  made.server.requests.length = 0;
  const here = await made.run();
  assertEquals([here.code, here.ran], [0, true], here.stderr);
  assertEquals(made.server.requests, []);
  await made.onAnotherMachine();
  const there = await made.run();
  assertEquals([there.code, there.ran], [0, true], there.stderr);
  assertEquals(made.server.requests.length, 2);
});

const TAMPERED: readonly (readonly [string, (made: Project) => void | Promise<void>, string])[] = [
  [
    "a changed module",
    ({ server }) => void server.modules.set("/plugin.js", `${plugin()}// changed`),
    "plugin.js has changed",
  ],
  [
    "a changed dependency",
    ({ server }) => void server.modules.set("/lib/shout.js", CHANGED),
    "shout.js has changed",
  ],
  [
    "a plugin that asks for more",
    ({ server }) => void server.modules.set("/plugin.js", plugin('{ net: ["evil.test"] }')),
    "plugin.js has changed",
  ],
  [
    "a module that was added",
    ({ server }) => {
      server.modules.set("/more.js", "console.error('the plugin runs');");
      server.modules.set("/plugin.js", `import "./more.js";\n${plugin()}`);
    },
    "is not what was locked",
  ],
];

for (const [what, tamper, message] of TAMPERED) {
  Deno.test(`${what} is refused before it runs`, async () => {
    await using made = await added();
    await tamper(made);
    await made.onAnotherMachine();
    const { stderr, ran } = await made.run();
    assertStringIncludes(stderr, message);
    assertStringIncludes(stderr, `providers update ${made.url}`);
    assertEquals(ran, false);
  });
}

Deno.test("a redirect to another origin is refused before it runs, when it is added and later", async () => {
  await using made = await added();
  await using other = serveModules({ "/plugin.js": plugin(), "/lib/shout.js": SHOUT });
  made.server.modules.set("/plugin.js", new URL(`${other.origin}/plugin.js`));
  await made.onAnotherMachine();
  const { code, stderr, ran } = await made.run();
  assertEquals([code === 0, ran], [false, false]);
  assertStringIncludes(stderr, "plugin.js has changed");
  assertEquals(other.requests, []);
  const again = await made.place.dotevals("providers", "update", made.url, "--yes");
  assertEquals([again.code, other.requests], [3, []], again.stderr);
  assertStringIncludes(again.stderr, other.host);
});

Deno.test("a module that was changed on this machine is refused before it runs", async () => {
  await using made = await added();
  const folder = `${made.place.folder}/.dotevals/providers`;
  const [place] = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  for (const kept of await filesBelow(`${folder}/${place}/remote`)) {
    const text = await Deno.readTextFile(kept);
    if (text.includes("return text;")) {
      await Deno.writeTextFile(kept, text.replace("return text;", "return text + text;"));
    }
  }
  const { stderr, ran } = await made.run();
  assertStringIncludes(stderr, "Integrity check failed");
  assertEquals(ran, false);
});

Deno.test("a lock file that was changed by hand grants nothing that was not granted, and no other code", async () => {
  await using made = await added();
  const path = `${made.place.folder}/dotevals.lock.json`;
  const lock = await Deno.readTextFile(path);
  for (
    const [from, to] of [
      ['"net": []', '"net": ["*"]'],
      ['"env": []', '"env": ["DENO_DIR"]'],
      ['"net": []', '"net": ["a.test --allow-all"]'],
      ['"version": 1', '"version": 2'],
    ] as const
  ) {
    await Deno.writeTextFile(path, lock.replace(from, to));
    const { code, stderr, ran } = await made.run();
    assertEquals([code === 0, ran], [false, false], stderr);
    assertStringIncludes(stderr, "dotevals.lock.json cannot be read");
  }
  await Deno.writeTextFile(path, lock.replace(/"[0-9a-f]{64}"/, `"${"0".repeat(64)}"`));
  const { stderr, ran } = await made.run();
  assertStringIncludes(stderr, "is not what was locked");
  assertEquals(ran, false);
});

Deno.test("update says which modules have changed, and never grants more by --yes", async () => {
  await using made = await added();
  const dotevals = (...args: string[]) => made.place.dotevals("providers", ...args);
  const same = await dotevals("update", made.url, "--yes");
  assertEquals([same.code, same.stderr], [0, `${made.url} has not changed.\n`]);
  assertEquals((await dotevals("check")).code, 0);
  made.server.modules.delete("/plugin.js");
  const away = await dotevals("check");
  assertEquals(away.code, 1);
  assertStringIncludes(away.stdout, `${made.url}: not checked\n  The provider`);
  made.server.modules.set("/plugin.js", plugin());

  made.server.modules.set("/lib/shout.js", CHANGED);
  const check = await dotevals("check");
  assertEquals(check.code, 1);
  assertStringIncludes(check.stdout, `${made.url}: stale\n  ~ ${made.server.origin}/lib/shout.js`);
  assertEquals((await made.run()).code, 0, "what is locked goes on");
  const unasked = await dotevals("update", made.url);
  assertEquals(unasked.code, 2);
  const updated = await dotevals("update", made.url, "--yes");
  assertEquals(updated.code, 0, updated.stderr);
  assertStringIncludes(updated.stderr, `  ~ ${made.server.origin}/lib/shout.js`);
  assert(!updated.stderr.includes("~ " + made.url), updated.stderr);

  made.server.modules.set("/plugin.js", plugin('{ net: ["api.acme.test"] }'));
  const more = await dotevals("update", made.url, "--yes");
  assertEquals(more.code, 2);
  assertStringIncludes(more.stderr, "now also asks for the hosts api.acme.test:443");
  assertStringIncludes(more.stderr, `providers update ${made.url} --allow-net=api.acme.test`);
  const granted = await dotevals("update", made.url, "--allow-net=api.acme.test");
  assertEquals(granted.code, 0, granted.stderr);
  assertEquals((await dotevals("check")).code, 0);
});

Deno.test("without a terminal, run and add say the command that grants", async () => {
  await using made = await project();
  const { code, stderr, ran } = await made.run();
  assertEquals([code, ran, made.server.requests], [3, false, []]);
  assertMatch(stderr, new RegExp(`grant it: deno run -A \\S+cli\\.ts providers add ${made.url}\n`));
  made.server.modules.set("/plugin.js", plugin('{ net: ["api.acme.test"], env: ["ACME_KEY"] }'));
  const asked = await made.place.dotevals("providers", "add", made.url);
  assertEquals(asked.code, 2);
  const command = `providers add ${made.url} --allow-net=api.acme.test --allow-env=ACME_KEY`;
  assertStringIncludes(asked.stderr, command);
  const less = await made.place.dotevals("providers", "add", made.url, "--allow-env=ACME_KEY");
  assertEquals(less.code, 2);
  assertStringIncludes(less.stderr, "also asks for api.acme.test:443");
  const done = await made.place.dotevals(...command.split(" "));
  assertEquals(done.code, 0, done.stderr);
  const removed = await made.place.dotevals("providers", "remove", made.url);
  assertEquals(removed.code, 0, removed.stderr);
  assertEquals((await made.run()).code, 3);
});

Deno.test("a plugin that an evaluation names itself is refused before anything runs, with the command", async () => {
  await using made = await project();
  const { place, url } = made;
  const options = `{ model: "${url}#m" }`;
  await place.write("evals/echoes.eval.ts", EVALUATION.replace("async", `${options}, async`));
  const first = EVALUATION.replace("echoes", "first").replace("async", '{ model: "echo:" }, async');
  await place.write("evals/first.eval.ts", first);
  const { code, stdout, stderr } = await place.dotevals("run", "evals/", "--experiment", "e");
  assertEquals([code, stdout, made.server.requests], [3, "", []], stderr);
  assertMatch(stderr, new RegExp(`grant it: deno run -A \\S+cli\\.ts providers add ${url}\n`));
  const listed = await place.dotevals("list", "--json");
  assertEquals(JSON.parse(listed.stdout), []);
  assertEquals((await place.dotevals("providers", "add", url, "--yes")).code, 0);
  const ran = await place.dotevals("run", "evals/", "--experiment", "e");
  assertEquals(ran.code, 0, ran.stderr);
});

Deno.test("what a plugin asks for is read where it can do nothing, and in time", async () => {
  await using made = await project();
  const file = `${made.place.folder}/evals/echoes.eval.ts`;
  made.server.modules.set(
    "/plugin.js",
    `Deno.readTextFileSync(${JSON.stringify(file)});\n${plugin()}`,
  );
  const { code, stderr } = await made.place.dotevals("providers", "add", made.url, "--yes");
  assertEquals(code, 3);
  assertStringIncludes(stderr, "Requires read access");
  const left = await Array.fromAsync(Deno.readDir(`${made.place.folder}/.dotevals/providers`));
  assertEquals(left, []);
});

Deno.test("what a plugin says of itself cannot pass for a word of ours", async () => {
  await using made = await project();
  const { place, server, url } = made;
  const spoof = "\\u001b[2K\\u001b[1A\\nGranted. acme is in dotevals.lock.json.\\r\\u202e";
  const named = `{ [Symbol.for("dotevals.provider")]: 1, setup() {}, name: "acme", permissions: {}`;
  for (
    const text of [
      `throw new Error("${spoof}");`,
      `export default ${named}, name: "${spoof}" };`,
      `export default ${named}, permissions: { net: ["a.test${spoof}"] } };`,
      `export default ${named}, permissions: { env: ["KEY${spoof}"] } };`,
      `export default ${named}, permissions: { "${spoof}": ["x"] } };`,
    ]
  ) {
    server.modules.set("/plugin.js", text);
    const { code, stdout, stderr } = await place.dotevals("providers", "add", url, "--yes");
    assertEquals([code, stdout], [3, ""], stderr);
    // deno-lint-ignore no-control-regex -- what must not be there
    assertEquals(/[\x00-\x09\x0b-\x1f\x7f\u202e]/.test(stderr), false, JSON.stringify(stderr));
    assertEquals(/^Granted/m.test(stderr), false, stderr);
  }
});

Deno.test("a plugin that asks for more where it was granted something is refused before its setup", async () => {
  await using made = await project();
  const { place, server, url } = made;
  const state = 'Deno.permissions.querySync({ name: "net", host: "a.test:443" }).state';
  const asks = `{ net: ${state} === "granted" ? ["a.test", "evil.test"] : ["a.test"] }`;
  server.modules.set("/plugin.js", plugin(asks));
  assertEquals((await place.dotevals("providers", "add", url, "--yes")).code, 0);
  const { code, stderr } = await made.run();
  assertEquals(code, 3, stderr);
  assertStringIncludes(stderr, "It asks for more than it was granted: evil.test:443");
  assertStringIncludes(stderr, `providers add ${url} --allow-net=a.test,evil.test`);
});

async function filesBelow(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) files.push(...await filesBelow(`${folder}/${name}`));
    else files.push(`${folder}/${name}`);
  }
  return files;
}
