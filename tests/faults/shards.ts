/**
 * Four shards of one experiment in four processes at once, one of which is killed and run again.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { finished, fixturePath, shown, type Workplace, workplace } from "../cli/command.ts";
import { allowedAge } from "./allowed_age.ts";
import { followSession } from "./followed_session.ts";
import { type ModelServer, startModelServer } from "./model_server.ts";
import { watchStalls } from "./stalls.ts";
import { storedItems } from "./stored_items.ts";
import { storedRemotely } from "./stored_remotely.ts";

const SHARDS = ["1/4", "2/4", "3/4", "4/4"] as const;
const ITEMS = 400;
const CONCURRENCY = 4;
/** Answers, over all shards, after which one is killed. */
const KILLED_AFTER = 120;

/** Where the four processes run, and where they write to. */
export interface ShardsPlace {
  /** A folder for each shard; all the same where they share a file. */
  readonly places: readonly Workplace[];
  /** The server's address; `undefined` for the file in the places' folder. */
  readonly url: string | undefined;
  readonly model: ModelServer;
}

/** What `run` gets for one shard, or for all of it. */
function args(shard: string | undefined): readonly string[] {
  return [
    fixturePath("asking"),
    "--experiment",
    "e",
    "--model",
    "openai:m",
    "--concurrency",
    String(CONCURRENCY),
    ...shard === undefined ? [] : ["--shard", shard],
  ];
}

/** A model whose answers take a little, so that all shards are at work at the same time. */
export function slowModel(): ModelServer {
  return startModelServer({ wait: () => new Promise((resolve) => setTimeout(resolve, 40)) });
}

/** Runs the shards, kills the third, runs it again, and asserts that all is as without that. */
export async function runShards({ places, url, model }: ShardsPlace): Promise<void> {
  const [place] = places;
  assert(place !== undefined);
  const env = { ITEMS: String(ITEMS), OPENAI_BASE_URL: model.url };
  const killing = Promise.withResolvers<void>();
  model.onAnswer = () => {
    if (model.answered >= KILLED_AFTER) killing.resolve();
  };
  using stalls = watchStalls();
  const victim = followSession(places[2] ?? place, args("3/4"), env);
  const others = SHARDS.flatMap((shard, at) =>
    at === 2 ? [] : [finished((places[at] ?? place).start(["run", ...args(shard)], { env }))]
  );
  await killing.promise;
  assertEquals(await statusOf(place, env), "running");
  const killedAt = performance.now();
  victim.process.kill("SIGKILL");
  const stalled = stalls.longest(500);
  const lost = await victim.ended();
  assertEquals(lost.code, 137, lost.stderr);
  const allowed = allowedAge(victim.longestCommit(performance.timeOrigin + killedAt)) + stalled;
  const folder = join((places[2] ?? place).folder, ".dotevals");
  const stored = url === undefined
    ? await storedItems(folder)
    : await storedRemotely(url, join(folder, "spool"));
  const again = await finished((places[2] ?? place).start(["run", ...args("3/4")], { env }));
  const ended = [...await Promise.all(others), again];
  for (const { code, stderr } of ended) assertEquals(code, 0, stderr);
  assertStringIncludes(ended[0]?.stderr ?? "", "Experiment e, shard 1/4");
  assertEquals(await statusOf(place, env), "complete");

  const asked = Map.groupBy(model.calls, ({ prompt }) => prompt);
  assertEquals(asked.size, ITEMS);
  for (const [prompt, calls] of asked) {
    if (calls.length === 1) continue;
    assertEquals(calls.length, 2, prompt);
    assert(!stored.has(Number(prompt.slice("item ".length))), `${prompt} was recorded before`);
    // In flight when it was killed, or answered just before.
    const age = killedAt - (calls[0]?.answeredAt ?? killedAt);
    assert(age <= allowed, `${prompt} was answered ${age} ms before (${allowed} allowed)`);
  }
  await assertUndisturbed(place, env);
}

async function statusOf(place: Workplace, env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout, stderr } = await finished(place.start(["list", "--json"], { env }));
  const [experiment] = JSON.parse(stdout);
  assert(experiment !== undefined, stderr);
  return experiment.status;
}

/** What is recorded equals what one session records that runs all items and is not killed. */
async function assertUndisturbed(
  place: Workplace,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await using model = startModelServer();
  await using whole = await workplace({ ...env, OPENAI_BASE_URL: model.url });
  const { code, stderr } = await whole.dotevals("run", ...args(undefined));
  assertEquals(code, 0, stderr);
  assertEquals(await shown(place, "e"), await shown(whole, "e"));
}
