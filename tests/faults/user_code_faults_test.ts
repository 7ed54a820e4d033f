import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fixturePath, shown, workplace } from "../cli/command.ts";
import { type Finished, finished } from "../finished.ts";
import { startModelServer } from "./model_server.ts";

const ITEMS = 20;
const EXPERIMENT = "e";
const ARGS = [
  ...["run", fixturePath("misbehaving"), "--experiment", EXPERIMENT, "--model", "openai:m"],
  ...["--concurrency", "4"],
];

interface Ran extends Finished {
  /** What is recorded after it. */
  readonly state: unknown;
  /** How often the model was asked. */
  readonly asked: number;
}

/** Runs an evaluation whose fourth row misbehaves, once in each way, always in the same place. */
async function misbehaving(...ways: readonly string[]): Promise<readonly Ran[]> {
  await using model = startModelServer();
  await using place = await workplace();
  const ran: Ran[] = [];
  for (const MISBEHAVE of ways) {
    const before = model.calls.length;
    const env = { MISBEHAVE, OPENAI_BASE_URL: model.url };
    const run = await finished(place.start(ARGS, { env }));
    const asked = model.calls.length - before;
    ran.push({ ...run, asked, state: await shown(place, EXPERIMENT) });
  }
  return ran;
}

let known: Promise<unknown> | undefined;

/** What is recorded where nothing misbehaves. */
function undisturbed(): Promise<unknown> {
  return known ??= misbehaving("").then(([run]) => run?.state);
}

/** Runs once; all is to be recorded as if nothing had been. */
async function harmless(way: string): Promise<Ran> {
  const [run] = await misbehaving(way);
  if (run === undefined) throw new Error("nothing ran");
  assertEquals(run.code, 0, run.stderr);
  assertEquals(run.asked, ITEMS);
  assertEquals(run.state, await undisturbed());
  return run;
}

Deno.test("a function that blocks the event loop is told of, and spoils nothing", async () => {
  const { stderr } = await harmless("blocks");
  assertMatch(stderr, /The event loop was busy for up to \d+(\.\d)? m?s at a stretch/);
});

Deno.test("a function that never settles ends with its item's timeout, and is run again", async () => {
  const [hung, again] = await misbehaving("never settles", "");
  assertEquals([hung?.code, again?.code], [0, 0], hung?.stderr);
  assertStringIncludes(JSON.stringify(hung?.state), "ItemTimeoutError");
  assertEquals([hung?.asked, again?.asked], [ITEMS, 1]);
  assertEquals(again?.state, await undisturbed());
});

/** What is told of errors that nothing catches; a timer's callback runs for no item. */
const TOLD: Readonly<Record<string, readonly RegExp[]>> = {
  "throws in a timer": [/An error was thrown where nothing catches it: thrown by a timer/],
  "throws in a microtask": [/In asking, row 3, an error was thrown .*: thrown in a microtask/],
  "loses promises": [
    /In asking, row 3, a promise .* was rejected: rejected at once/,
    /In asking, row 3, a promise .* was rejected: rejected later/,
  ],
};

for (const [way, told] of Object.entries(TOLD)) {
  Deno.test(`a function that ${way} is told of, and ends nothing else`, async () => {
    const { stderr } = await harmless(way);
    for (const words of told) assertMatch(stderr, words);
    assertMatch(stderr, /misbehaving\.eval\.ts:\d+/);
  });
}
