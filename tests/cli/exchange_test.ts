import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { sqldMissing, startSqld } from "../sqld.ts";
import { fixturePath, readUntil, shown, workplace } from "./command.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const WHOLE_FILE = new URL("../../src/cli/whole_file.ts", import.meta.url).href;

Deno.test("an experiment is exported and imported in every format, by a file's name or an option", async () => {
  await using place = await workplace();
  await place.dotevals("run", fixturePath("basic"), "--experiment", "e");
  const piped = await place.dotevals("export", "e");
  assertEquals(piped.code, 0, piped.stderr);
  const types = piped.stdout.trim().split("\n").map((line) => JSON.parse(line).type);
  assertEquals(types, ["experiment", "evaluation", "result", "result", "result"]);
  for (const format of ["jsonl", "json", "csv", "parquet"]) {
    const file = `out/e.${format}`;
    assertEquals((await place.dotevals("export", "e", "-o", file)).code, 0);
    const storage = ["--storage", `file:${format}.db`];
    const { code, stdout, stderr } = await place.dotevals(
      "import",
      file,
      "--name",
      "e",
      ...storage,
    );
    assertEquals([code, stdout], [0, ""], stderr);
    assertStringIncludes(stderr, "Imported 3 results of 1 evaluation as e.");
    const again = await place.dotevals("export", "e", "--format", "json", ...storage);
    const original = await place.dotevals("export", "e", "--format", "json");
    const results = (text: string) =>
      JSON.parse(text).filter((part: { type: string }) => part.type === "result");
    assertEquals(results(again.stdout), results(original.stdout));
  }
  const dash = await place.dotevals("export", "e", "-o", "-");
  assertEquals([dash.code, dash.stdout], [0, piped.stdout]);
  assertEquals((await place.dotevals("export", "e", "-o", "out/e.jsonl.gz")).code, 0);
  const packed = await Deno.open(join(place.folder, "out/e.jsonl.gz"));
  const unpacked = packed.readable.pipeThrough(new DecompressionStream("gzip"));
  assertEquals(await new Response(unpacked).text(), piped.stdout);
  // The bytes of a pipe are those of the file.
  const parquet = await place.start(["export", "e", "--format", "parquet"]).output();
  assertEquals(parquet.stdout, await Deno.readFile(join(place.folder, "out/e.parquet")));
});

Deno.test("what is imported is gone on with where rows and definition are the same", async () => {
  await using place = await workplace();
  const run = ["run", fixturePath("basic"), "--experiment", "e"];
  await place.dotevals(...run);
  const before = await shown(place, "e");
  await place.dotevals("export", "e", "-o", "e.jsonl");
  await place.dotevals("delete", "e", "--yes");
  await place.dotevals("import", "e.jsonl");
  assertEquals(await shown(place, "e"), before);
  const again = await place.dotevals(...run);
  assertEquals(again.code, 0, again.stderr);
  assertStringIncludes(again.stderr, "3 items, 3 recorded before");
});

Deno.test("import refuses a name that is taken, and says what is wrong with a file", async () => {
  await using place = await workplace();
  await place.dotevals("run", fixturePath("basic"), "--experiment", "e");
  await place.dotevals("export", "e", "-o", "e.jsonl");
  const taken = await place.dotevals("import", "e.jsonl");
  assertEquals(taken.code, 2);
  assertMatch(taken.stderr, /already an experiment "e"\.\n.*--name NAME/);
  await place.write("bad.csv", "a,b\n1,2\n");
  for (
    const [args, problem] of [
      [["none.jsonl"], 'There is no file "none.jsonl"'],
      [["bad.csv"], 'bad.csv, line 1: there is no column "evaluation"'],
      [["."], "line 1: it does not describe an evaluation of the Python dotevals"],
      [[".dotevals"], 'The folder ".dotevals" holds no .jsonl files'],
      [["e.txt"], 'The name "e.txt" does not say how the file is written'],
      [["e.jsonl", "--format", "paquet"], "Did you mean parquet?"],
    ] as const
  ) {
    await place.write("e.txt", "");
    const { code, stderr } = await place.dotevals("import", ...args);
    assertEquals(code, 2);
    assertStringIncludes(stderr, problem);
  }
  assertEquals(JSON.parse((await place.dotevals("list", "--json")).stdout).length, 1);
});

Deno.test("an export that nobody reads to its end, or that cannot be written, ends as it should", async () => {
  await using place = await workplace();
  await place.dotevals("run", fixturePath("basic"), "--experiment", "e");
  const piped = place.start(["export", "e"]);
  await piped.stdout.cancel();
  const [{ code }] = await Promise.all([piped.status, piped.stderr.cancel()]);
  assertEquals(code, 0);
  await place.write("file", "");
  const refused = await place.dotevals("export", "e", "-o", "file/e.csv");
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, 'The export cannot be written to "file/e.csv"');
  const missing = await place.dotevals("export", "ee", "-o", "e.csv");
  assertStringIncludes(missing.stderr, 'Did you mean "e"?');
  // Nothing was begun.
  const names = (await Array.fromAsync(Deno.readDir(place.folder))).map(({ name }) => name);
  assertEquals(names.toSorted(), [".dotevals", "file"]);
});

Deno.test("a file that is interrupted while it is written leaves no part of itself", async () => {
  await using place = await workplace();
  const script = `
    import { writeWhole } from ${JSON.stringify(WHOLE_FILE)};
    async function* pieces() {
      yield "x".repeat(100_000);
      console.log("half");
      await new Promise(() => setTimeout(() => {}, 60_000));
    }
    await writeWhole("out.jsonl", pieces());`;
  await place.write("half.ts", script);
  const half = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", CONFIG, "half.ts"],
    cwd: place.folder,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  await readUntil(half.stdout, "half");
  const isPart = (name: string) => name.startsWith("out.jsonl");
  const parts = async () =>
    (await Array.fromAsync(Deno.readDir(place.folder))).map(({ name }) => name).filter(isPart);
  assertEquals((await parts()).length, 1);
  half.kill("SIGINT");
  assertEquals([(await half.status).code, await parts()], [130, []]);
  await half.stdout.cancel();
});

Deno.test("an import that is killed leaves nothing under its name, and the next one clears it away", async () => {
  await using place = await workplace();
  await place.dotevals("run", fixturePath("basic"), "--experiment", "e");
  const { stdout } = await place.dotevals("export", "e");
  const [first = "", evaluation = "", result = ""] = stdout.split("\n");
  const results = Array.from({ length: 50_000 }, (_, at) => {
    const key = at.toString(16).padStart(32, "0");
    return result.replace(/"key":"[0-9a-f]*"/, `"key":"${key}"`);
  });
  await place.write("many.jsonl", [first, evaluation, ...results].join("\n"));
  const args = ["import", "many.jsonl", "--name", "many"];
  const killed = place.start(args);
  const names = async () => {
    const { stdout } = await place.dotevals("list", "--json");
    return JSON.parse(stdout).map(({ name }: { name: string }) => name).toSorted();
  };
  while (!(await names()).includes("many (unfinished import)"));
  killed.kill("SIGKILL");
  await Promise.all([killed.status, killed.stdout.cancel(), killed.stderr.cancel()]);
  assertEquals(await names(), ["e", "many (unfinished import)"]);
  const again = await place.dotevals(...args);
  assertEquals(again.code, 0, again.stderr);
  assertStringIncludes(again.stderr, "Imported 50,000 results");
  assertEquals(await names(), ["e", "many"]);
});

Deno.test({
  name: "an import whose results are too large for a server says so, and imports none of them",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using server = await startSqld();
    await using place = await workplace();
    await place.dotevals("run", fixturePath("basic"), "--experiment", "e");
    const lines = (await place.dotevals("export", "e")).stdout.trim().split("\n");
    const large = { ...JSON.parse(lines[2] ?? ""), response: "x".repeat(5_000_000) };
    await place.write("e.jsonl", lines.with(2, JSON.stringify(large)).join("\n"));
    const at = ["--storage", server.url];
    const { code, stderr } = await place.dotevals("import", "e.jsonl", "--name", "large", ...at);
    assertEquals(code, 2, stderr);
    assertStringIncludes(stderr, "The storage does not take 1 result: too large.");
    const list = await place.dotevals("list", "--json", ...at);
    assertEquals(JSON.parse(list.stdout), []);
    const local = await place.dotevals("import", "e.jsonl", "--name", "large");
    assertEquals(local.code, 0, local.stderr);
  },
});
