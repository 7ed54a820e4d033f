import { assertEquals, assertStringIncludes } from "@std/assert";
import { fixturePath, type Workplace, workplace } from "./command.ts";

const DEFAULT = ".dotevals/dotevals.db";

/** Runs an experiment, and another one. */
async function withExperiments(): Promise<Workplace> {
  const place = await workplace();
  for (const experiment of ["one", "two"]) {
    await place.dotevals("run", fixturePath("basic"), "--experiment", experiment);
  }
  return place;
}

Deno.test("storage copy copies all experiments, or those that are named", async () => {
  await using place = await withExperiments();
  const named = await place.dotevals(
    ...["storage", "copy", DEFAULT, "named.db", "--experiment", "two"],
  );
  assertEquals([named.code, named.stdout.split(":")[0]], [0, "two"], named.stderr);
  assertEquals(named.stderr, `Copied 1 experiment from file:${DEFAULT} to file:named.db.\n`);
  const all = await place.dotevals("storage", "copy", DEFAULT, "all.db");
  assertEquals([all.code, all.stdout.match(/^\w+/gm)], [0, ["one", "two"]], all.stderr);
  const list = (storage: string) => place.dotevals("list", "--json", "--storage", storage);
  assertEquals((await list("all.db")).stdout, (await list(DEFAULT)).stdout);
});

Deno.test("storage copy leaves what differs as it is, names it, and copies the others", async () => {
  await using place = await withExperiments();
  await place.dotevals(
    ...["run", fixturePath("basic"), "--experiment", "one", "--storage", "to.db", "--samples", "2"],
  );
  const shown = () => place.dotevals("show", "one", "--json", "--full", "--storage", "to.db");
  const before = (await shown()).stdout;
  const { code, stdout, stderr } = await place.dotevals("storage", "copy", DEFAULT, "to.db");
  assertEquals(code, 3);
  assertStringIncludes(
    stderr,
    'error: The experiment "one" in file:to.db differs: it has results of its own, of a session ' +
      "that began at 20",
  );
  assertStringIncludes(stderr, "Copied 1 experiment of 2 from");
  assertStringIncludes(stdout, "two: 1 evaluation, 3 results, verified");
  assertEquals((await shown()).stdout, before);
});

Deno.test("storage copy says what is wrong with what it is given, before it makes anything", async () => {
  await using place = await withExperiments();
  const wrong: readonly (readonly [readonly string[], number, string])[] = [
    [[], 2, '"dotevals storage copy" needs FROM.'],
    [[DEFAULT], 2, "Write: dotevals storage copy FROM TO"],
    [[DEFAULT, "a.db", "b.db"], 2, 'does not know what to do with "b.db"'],
    [["none.db", "to.db"], 2, "There is no storage at file:none.db."],
    [["what", "to.db"], 2, '"what" names no storage.'],
    [[DEFAULT, "memory:"], 2, '"memory:" holds nothing that outlives a process.'],
    [[DEFAULT, `file:./${DEFAULT}`], 2, "FROM and TO are the same storage"],
    [[DEFAULT, "to.db", "--experiment", "too"], 2, 'Did you mean "two"?'],
    [[DEFAULT, "to.db", "--to-token-variable", "T"], 2, "Files take no access token"],
    [[DEFAULT, "http://127.0.0.1:1", "--to-token-variable", "T"], 2, "names T, which is not set"],
    [[DEFAULT, "http://127.0.0.1:1"], 3, "http://127.0.0.1:1 cannot be reached"],
    [[DEFAULT, "to.db", "--expriment", "one"], 2, "Did you mean --experiment?"],
  ];
  for (const [args, status, text] of wrong) {
    const { code, stderr } = await place.dotevals("storage", "copy", ...args);
    assertStringIncludes(stderr, text);
    assertEquals(code, status, stderr);
  }
  const names = (await Array.fromAsync(Deno.readDir(place.folder))).map(({ name }) => name);
  assertEquals(names, [".dotevals"]);
});
