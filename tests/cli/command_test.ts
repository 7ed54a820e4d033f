import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fixturePath, workplace } from "./command.ts";

Deno.test("--help and --version answer on standard output, for each command too", async () => {
  await using place = await workplace();
  const help = await place.dotevals("--help");
  assertEquals([help.code, help.stderr], [0, ""]);
  for (const name of ["run", "list", "show", "rename", "delete", "storage"]) {
    assertMatch(help.stdout, new RegExp(`^  ${name} `, "m"));
    const own = await place.dotevals(name, "--help");
    assertEquals([own.code, own.stderr], [0, ""]);
    assertStringIncludes(own.stdout, `Example:\n  dotevals ${name}`);
  }
  assertMatch((await place.dotevals("--version")).stdout, /^dotevals \d+\.\d+\.\d+ \(Deno /);
  assertEquals((await place.dotevals()).code, 2);
});

Deno.test("an experiment is listed, shown, renamed and deleted", async () => {
  await using place = await workplace();
  await place.dotevals("run", fixturePath("basic"), "--experiment", "first/one");
  const [listed] = JSON.parse((await place.dotevals("list", "--json")).stdout);
  assertEquals([listed.name, listed.status, listed.completed], ["first/one", "complete", 3]);
  assertStringIncludes((await place.dotevals("show", "first/one")).stdout, "sums");
  assertEquals((await place.dotevals("rename", "first/one", "second")).code, 0);
  const gone = await place.dotevals("show", "first/one");
  assertEquals(gone.code, 2);
  assertStringIncludes(gone.stderr, "first/one");
  assertEquals((await place.dotevals("delete", "second")).code, 2, "nobody there to ask");
  assertEquals((await place.dotevals("delete", "second", "--yes")).code, 0);
  assertEquals(JSON.parse((await place.dotevals("list", "--json")).stdout), []);
});

Deno.test("--debug adds the stack, which is not shown otherwise", async () => {
  await using place = await workplace();
  const file = await place.write("throws.eval.ts", 'throw new TypeError("odd");\n');
  const without = await place.dotevals("run", file);
  assertStringIncludes(without.stderr, "could not be imported: odd");
  assertEquals(without.stderr.includes("    at "), false, without.stderr);
  const debugging = await place.dotevals("run", file, "--debug");
  assertMatch(debugging.stderr, / at \S+throws\.eval\.ts:1/);
});

Deno.test("a reader that goes away ends the command without a word", async () => {
  await using place = await workplace();
  await place.dotevals("run", fixturePath("basic"), "--experiment", "e");
  const show = place.start(["show", "e", "--json", "--full"]);
  await show.stdout.cancel();
  const stderr = await new Response(show.stderr).text();
  assertEquals([(await show.status).code, stderr], [0, ""]);
});
