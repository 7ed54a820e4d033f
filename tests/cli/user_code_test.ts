import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { finished, readUntil, type Workplace, workplace } from "./command.ts";

const CORE = new URL("../../mod.ts", import.meta.url).href;

/** Writes an evaluation of three rows whose items run `body` first, below `top`. */
async function evaluationOf(
  place: Workplace,
  { top = "", body = "" }: { readonly top?: string; readonly body?: string },
): Promise<string> {
  return await place.write(
    "one.eval.ts",
    `import { exactMatch, foreach } from "${CORE}";
${top}
export const one = foreach("n", [1, 2, 3], async ({ n }) => {
  ${body}
  return exactMatch(n, n);
});\n`,
  );
}

Deno.test("what evaluations print goes to standard error and the log, never among results", async () => {
  await using place = await workplace();
  const file = await evaluationOf(place, {
    top: 'console.log("at the top", { a: 1 });',
    body:
      'console.info("\\x1b[31mitem\\x1b[0m %d", n); console.table([{ n }]); console.error("odd");',
  });
  const { code, stdout, stderr } = await place.dotevals(
    ...["run", file, "--reporter", "json", "--log", "log.jsonl", "--quiet"],
  );
  assertEquals(code, 0, stderr);
  assertEquals(JSON.parse(stdout).evaluations[0].completed, 3);
  for (const line of ["at the top { a: 1 }", "item 1", "item 3", "odd"]) {
    assertEquals(stderr.split("\n").includes(line), true, `${line} in ${stderr}`);
  }
  assertStringIncludes(stderr, "(index)");
  const log = await Deno.readTextFile(`${place.folder}/log.jsonl`);
  assertStringIncludes(log, '"level":"error","type":"message","text":"odd","source":"console"');
});

for (const exit of ["Deno.exit(0)", "process.exit(0)"]) {
  Deno.test(`${exit} in an evaluation fails the run, and says where it was called`, async () => {
    await using place = await workplace();
    const file = await evaluationOf(place, {
      top: 'import process from "node:process"; process.title;',
      body: `if (n === 2) ${exit};`,
    });
    const { code, stderr } = await place.dotevals("run", file);
    assertEquals(code, 1, stderr);
    assertMatch(stderr, /ended from within an evaluation \(Deno\.exit at .*one\.eval\.ts:4\)/);
  });
}

Deno.test("a file whose import never ends is named", async () => {
  await using place = await workplace();
  const file = await evaluationOf(place, { top: "await new Promise(() => {});" });
  const run = place.start(["run", file]);
  await readUntil(run.stderr, "one.eval.ts is still being imported");
  run.kill("SIGKILL");
  await finished(run);
});

const FULL = "/dev/full";
const ignore = Deno.build.os !== "linux";

Deno.test({
  name: "a log that could not be written whole is told of at the end",
  ignore,
  async fn() {
    await using place = await workplace();
    const file = await evaluationOf(place, {});
    const { code, stderr } = await place.dotevals("run", file, "--log", FULL);
    assertEquals(code, 0);
    assertStringIncludes(stderr, 'warning: The log "/dev/full" is incomplete: No space left');
  },
});

Deno.test({
  name: "standard error on a full disk does not end a run",
  ignore,
  async fn() {
    await using place = await workplace();
    const file = await evaluationOf(place, { body: "console.log(n);" });
    const cli = new URL("../../cli.ts", import.meta.url).pathname;
    const { code, stdout } = await new Deno.Command("sh", {
      args: ["-c", '"$@" 2>/dev/full', "sh", Deno.execPath(), "run", "-A", cli, "run", file],
      cwd: place.folder,
    }).output();
    assertEquals(code, 0);
    assertMatch(new TextDecoder().decode(stdout), /one +3\/3/);
  },
});
