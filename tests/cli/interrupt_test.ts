import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { finished, fixturePath, readUntil, shown, type Workplace, workplace } from "./command.ts";

const ARGS = ["run", fixturePath("slow"), "--experiment", "e"];

/** The one experiment, as a list shows it. */
async function listed(place: Workplace): Promise<{ status: string; completed: number }> {
  return JSON.parse((await place.dotevals("list", "--json")).stdout)[0];
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} once lets items in flight end, commits, tears down, and says how to go on`, async () => {
    await using place = await workplace({ TEARDOWN: "teardown.txt" });
    const run = place.start(ARGS, { env: { HANG: "10", POLITE: "1" } });
    await readUntil(run.stdout, "waiting", 4);
    run.kill(signal);
    const { code, stderr } = await finished(run);
    assertEquals(code, 130, stderr);
    assertStringIncludes(stderr, "Stopping: 4 items in flight");
    assertMatch(
      stderr.trim().split("\n").at(-1) ?? "",
      /^Interrupted; 14 items are recorded\. To go on: .*run .*--experiment e$/,
    );
    assertEquals(await Deno.readTextFile(join(place.folder, "teardown.txt")), "torn down");
    const { status, completed } = await listed(place);
    assertEquals([status, completed], ["incomplete", 14]);
    assertEquals((await place.dotevals(...ARGS)).code, 0);
    await using whole = await workplace();
    await whole.dotevals(...ARGS);
    assertEquals(await shown(place, "e"), await shown(whole, "e"));
  });
}

Deno.test("SIGINT twice ends at once, and what was committed stays", async () => {
  await using place = await workplace();
  const run = place.start(ARGS, { env: { HANG: "10" } });
  await readUntil(run.stdout, "waiting", 4);
  while ((await listed(place)).completed < 10);
  run.kill("SIGINT");
  await readUntil(run.stderr, "Stopping");
  run.kill("SIGINT");
  assertEquals((await finished(run)).code, 130);
  const { status, completed } = await listed(place);
  assertEquals([status, completed], ["incomplete", 10]);
  assertEquals((await place.dotevals(...ARGS)).code, 0);
});
