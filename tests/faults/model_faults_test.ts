import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freePort } from "../../src/testing/free_port.ts";
import {
  finished,
  fixturePath,
  readUntil,
  shown,
  type Workplace,
  workplace,
} from "../cli/command.ts";
import {
  type Asked,
  type Fault,
  type FaultyModel,
  type FaultyModelOptions,
  startFaultyModel,
} from "./faulty_model.ts";
import { withoutAttempts } from "./without_attempts.ts";

const ITEMS = 40;
const EXPERIMENT = "e";
const ARGS = ["run", fixturePath("asking"), "--experiment", EXPERIMENT, "--model", "openai:m"];

function run(
  place: Workplace,
  url: string,
  { args = [], flags = [] }: { readonly args?: readonly string[]; readonly flags?: string[] } = {},
): Deno.ChildProcess {
  return place.start([...ARGS, "--concurrency", "8", ...args], {
    env: { ITEMS: `${ITEMS}`, OPENAI_BASE_URL: url },
    flags,
  });
}

let known: Promise<unknown> | undefined;

/** What is recorded where nothing goes wrong. */
function undisturbed(): Promise<unknown> {
  return known ??= (async () => {
    await using model = await startFaultyModel({ fault: () => undefined });
    await using place = await workplace();
    const { code, stderr } = await finished(run(place, model.url));
    assertEquals(code, 0, stderr);
    return await shown(place, EXPERIMENT);
  })();
}

async function assertUndisturbed(place: Workplace): Promise<void> {
  const found = withoutAttempts(await shown(place, EXPERIMENT));
  assertEquals(found, withoutAttempts(await undisturbed()));
}

/** Runs with a model that fails; all is to be as if it had not. */
async function disturbed(
  fault: FaultyModelOptions["fault"],
  args: readonly string[] = [],
): Promise<FaultyModel> {
  await using model = await startFaultyModel({ fault });
  await using place = await workplace();
  const { code, stderr } = await finished(run(place, model.url, { args }));
  assertEquals(code, 0, stderr);
  await assertUndisturbed(place);
  return model;
}

/** Befalls the first call for every so many-th item. */
function first(fault: Fault, every: number): (asked: Asked) => Fault | undefined {
  return ({ prompt, before }) =>
    before === 0 && Number(prompt.split(" ")[1]) % every === 0 ? fault : undefined;
}

/** How often the items were asked for that a fault of {@linkcode first} befell, and the others. */
function assertAskedAgain({ asked }: FaultyModel, every: number): void {
  for (let n = 0; n < ITEMS; n++) {
    assertEquals(asked.get(`item ${n}`), n % every === 0 ? 2 : 1, `item ${n}`);
  }
}

for (const fault of ["reset in its middle", "cut off", "half of its JSON", "no JSON"] as const) {
  Deno.test(`an answer that is ${fault} is asked for again`, async () => {
    assertAskedAgain(await disturbed(first(fault, 5)), 5);
  });
}

Deno.test("a call that is never answered is made again after its timeout", async () => {
  const hung = first("never answered", 10);
  assertAskedAgain(await disturbed(hung, ["--model-option", "openai:m.timeoutMs=700"]), 10);
});

Deno.test("an answer that comes after its call's timeout counts for nothing", async () => {
  const late = Promise.withResolvers<undefined>();
  const model = await disturbed(({ prompt, before }) => {
    if (prompt !== "item 3") return undefined;
    if (before === 0) return late.promise;
    // The first answer goes out while the second call is under way.
    late.resolve(undefined);
    return undefined;
  }, ["--model-option", "openai:m.timeoutMs=700"]);
  assertEquals(model.asked.get("item 3"), 2);
});

Deno.test("a model that refuses half of the calls for their rate loses none", async () => {
  const model = await disturbed(first(429, 1));
  assertEquals(model.faults.get(429), ITEMS, "as many refused as answered");
});

Deno.test("an item may be refused for the rate more often than a call is tried", async () => {
  const times = (prompt: string) => Number(prompt.split(" ")[1]) % 8;
  const model = await disturbed(({ prompt, before }) => before < times(prompt) ? 429 : undefined);
  for (const [prompt, calls] of model.asked) assertEquals(calls, times(prompt) + 1, prompt);
});

Deno.test("a model that answers nothing but errors for a while is waited for", async () => {
  let upAgain = Infinity;
  const model = await disturbed(({ number }) => {
    if (number === 10) upAgain = performance.now() + 1500;
    return number >= 10 && performance.now() < upAgain ? 500 : undefined;
  });
  assert((model.faults.get(500) ?? 0) >= 8, "all that was in flight failed");
});

Deno.test("a model that refuses connections is waited for", async () => {
  const port = freePort();
  await using place = await workplace();
  const running = run(place, `http://127.0.0.1:${port}/v1`, { args: ["--log", "/dev/stderr"] });
  const [seen, rest] = running.stderr.tee();
  const told = new Response(rest).text();
  await readUntil(seen, "Connection error");
  await using model = await startFaultyModel({ port, fault: () => undefined });
  const { code } = await running.status;
  assertEquals(code, 0, await told);
  await running.stdout.cancel();
  await assertUndisturbed(place);
  assertEquals(model.asked.size, ITEMS);
});

Deno.test("a clock that jumps while calls are under way changes nothing that is recorded", async () => {
  await using model = await startFaultyModel({ fault: () => undefined });
  await using place = await workplace();
  // A day back and a day on, at every look.
  const jumps = await place.write(
    "jumps.js",
    `const now = Date.now; let looks = 0;
    Date.now = () => now() + (looks++ % 2 ? 1 : -1) * 86_400_000;`,
  );
  const { code, stderr } = await finished(
    run(place, model.url, { args: ["--log", "log.jsonl"], flags: [`--preload=${jumps}`] }),
  );
  assertEquals(code, 0, stderr);
  await assertUndisturbed(place);
  assertEquals([...model.asked.values()], Array(ITEMS).fill(1));
  const log = (await Deno.readTextFile(`${place.folder}/log.jsonl`)).trimEnd().split("\n");
  const durations = log.map((line) => JSON.parse(line).durationMs).filter((ms) => ms !== undefined);
  assert(
    durations.length > 0 && durations.every((ms) => ms >= 0 && ms < 86_400_000),
    `${durations}`,
  );
  assertStringIncludes(stderr, "done");
});
