import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { fixturePath, shown, type Workplace, workplace } from "../cli/command.ts";
import { finished } from "../finished.ts";
import { followSession } from "./followed_session.ts";
import { type ModelServer, startModelServer } from "./model_server.ts";
import { type SmallDisk, smallDisk, smallDiskMissing } from "./small_disk.ts";

const ARGS = [fixturePath("asking"), "--experiment", "e", "--model", "openai:m"];

/** A run on a disk that has no room for all that it records. */
interface Tight extends AsyncDisposable {
  readonly disk: SmallDisk;
  readonly model: ModelServer;
  readonly place: Workplace;
  readonly env: Readonly<Record<string, string>>;
}

async function tight(items: number): Promise<Tight> {
  await using opened = new AsyncDisposableStack();
  const disk = opened.use(await smallDisk(700));
  const model = opened.use(startModelServer({
    wait: () => new Promise((resolve) => setTimeout(resolve, 5)),
  }));
  const env = { ITEMS: String(items), OPENAI_BASE_URL: model.url };
  const place = opened.use(
    await workplace({ ...env, DOTEVALS_STORAGE: join(disk.path, "results.db") }),
  );
  const all = opened.move();
  return { disk, model, place, env, [Symbol.asyncDispose]: () => all[Symbol.asyncDispose]() };
}

async function assertUndisturbed(place: Workplace, env: Readonly<Record<string, string>>) {
  await using undisturbed = await workplace(env);
  assertEquals((await undisturbed.dotevals("run", ...ARGS)).code, 0);
  assertEquals(await shown(place, "e"), await shown(undisturbed, "e"));
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: smallDiskMissing === undefined ? name : `${name} (left out: ${smallDiskMissing})`,
    ignore: smallDiskMissing !== undefined,
    fn,
  });
}

test("results wait while the disk is full, and are recorded when there is room", async () => {
  await using parts = await tight(700);
  const { disk, model, place, env } = parts;
  const run = place.start(["run", ...ARGS, "--quiet"]);
  const [shownHere, kept] = run.stderr.tee();
  let said = "";
  for await (const text of shownHere.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (said.includes("Results wait in memory")) break;
  }
  const waiting = JSON.parse((await place.dotevals("list", "--json")).stdout);
  assert(waiting[0].completed < 700);
  await disk.resize(20_000);
  const { code } = await run.status;
  assertEquals(code, 0, await new Response(kept).text());
  await run.stdout.cancel();
  assertEquals(model.calls.length, 700, "each item was asked about once");
  await assertUndisturbed(place, env);
});

test("a disk that stays full ends the run cleanly, and the next one goes on from there", async () => {
  await using parts = await tight(3000);
  const { disk, model, place, env } = parts;
  const session = followSession(place, ARGS, env);
  const { code, stderr } = await session.ended();
  assertEquals(code, 3, stderr);
  assertStringIncludes(stderr, "results.db");
  assertStringIncludes(stderr, "full");
  assertStringIncludes(stderr, "could not be recorded");
  assertStringIncludes(stderr, "Make room on the disk");
  const listed = JSON.parse((await place.dotevals("list", "--json")).stdout);
  assertEquals(
    [listed[0].status, listed[0].completed],
    ["incomplete", session.committed.size],
    "what was told is what is there",
  );
  assert(session.committed.size > 0);

  const again = await place.dotevals("run", ...ARGS, "--quiet");
  assertEquals(again.code, 3, "still full");
  assertStringIncludes(again.stderr, "Make room on the disk");

  await disk.resize(20_000);
  const calls = model.calls.length;
  const { code: resumed, stderr: end } = await finished(place.start(["run", ...ARGS]));
  assertEquals(resumed, 0, end);
  const repeated = model.calls.slice(calls)
    .filter(({ prompt }) => session.committed.has(Number(prompt.slice("item ".length))));
  assertEquals(repeated, [], "nothing that was recorded is asked again");
  await assertUndisturbed(place, env);
});
