/**
 * Kills runs at seeded moments and goes on with them until they are done, again and again.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { fixturePath, shown, workplace } from "../cli/command.ts";
import { startSqld } from "../sqld.ts";
import { allowedAge } from "./allowed_age.ts";
import { type FollowedSession, followSession } from "./followed_session.ts";
import { type Call, type ModelServer, startModelServer } from "./model_server.ts";
import { between, seeded } from "./seeded.ts";
import { type StallWatch, watchStalls } from "./stalls.ts";
import { storedItems } from "./stored_items.ts";
import { storedRemotely } from "./stored_remotely.ts";

const KILLS_IN_ROUND = 5;
const EXPERIMENT = "e";

/** How often, and of what. */
export interface KillRoundsOptions {
  readonly items: number;
  readonly kills: number;
  readonly seed: number;
  /** Whether results go to a server's database, not to a local file. */
  readonly remote?: boolean;
}

/** What came of it. */
export interface KillFigures {
  readonly kills: number;
  /** Kills after a commit had begun and before its end was told. */
  withinCommit: number;
  /** Those of them that the database had already carried out. */
  carriedOut: number;
  /** Items that a session said were committed and that the database does not hold. */
  lost: number;
  /** Items recorded more than once, and items asked again although they were recorded. */
  doubled: number;
  /** Items that were asked again. */
  repeated: number;
  /** The oldest answer that was asked for again, in milliseconds before the kill. */
  oldestRepeated: number;
  /** What was allowed for that answer. */
  allowed: number;
}

/** When to kill. */
type Moment =
  | { readonly after: "start" | "everything"; readonly ms: number }
  | { readonly after: "answers" | "commits"; readonly count: number; readonly ms: number };

/** Kills runs, goes on with them, and asserts that what comes of it is exact. */
export async function killRounds(options: KillRoundsOptions): Promise<KillFigures> {
  const random = seeded(options.seed);
  await using model = startModelServer({
    wait: (_prompt, number) => new Promise((resolve) => setTimeout(resolve, 5 + (number * 7) % 30)),
  });
  using stalls = watchStalls();
  const env = { ITEMS: String(options.items), OPENAI_BASE_URL: model.url };
  const undisturbed = await runUndisturbed(env);
  const figures = {
    kills: options.kills,
    withinCommit: 0,
    carriedOut: 0,
    lost: 0,
    doubled: 0,
    repeated: 0,
    oldestRepeated: 0,
    allowed: 0,
  };
  for (let killed = 0; killed < options.kills;) {
    killed += await killRound({ ...options, random, model, stalls, env, undisturbed, figures }, {
      kills: Math.min(KILLS_IN_ROUND, options.kills - killed),
    });
  }
  return figures;
}

interface Round extends KillRoundsOptions {
  readonly random: () => number;
  readonly model: ModelServer;
  readonly stalls: StallWatch;
  readonly env: Readonly<Record<string, string>>;
  /** What `show` says of a run that nobody killed. */
  readonly undisturbed: unknown;
  readonly figures: KillFigures;
}

const ARGS = [
  fixturePath("asking"),
  "--experiment",
  EXPERIMENT,
  "--model",
  "openai:m",
  "--reporter",
  "json",
];

async function runUndisturbed(env: Readonly<Record<string, string>>): Promise<unknown> {
  await using place = await workplace();
  const { code, stderr } = await followSession(place, ARGS, env).ended();
  assertEquals(code, 0, stderr);
  return await shown(place, EXPERIMENT);
}

/** One experiment, killed some times and then run to its end. */
async function killRound(round: Round, { kills }: { readonly kills: number }): Promise<number> {
  const { model, env, items, figures } = round;
  await using server = round.remote === true ? await startSqld() : undefined;
  await using place = await workplace(server && { DOTEVALS_STORAGE: server.url });
  const folder = join(place.folder, ".dotevals");
  const readStored = () =>
    server ? storedRemotely(server.url, join(folder, "spool")) : storedItems(folder);
  let stored: ReadonlyMap<number, number> = new Map();
  let killed = 0;
  while (killed < kills) {
    const calls = model.calls.length;
    const session = followSession(place, ARGS, env);
    const moment = momentOf(round.random, items - stored.size);
    const killedAt = await killAt(session, moment, { model, left: items - stored.size });
    if (killedAt === undefined) break;
    const stalled = round.stalls.longest(500);
    const { stderr } = await session.ended();
    const { committing } = session;
    const allowed = allowedAge(session.longestCommit(performance.timeOrigin + killedAt)) + stalled;
    killed++;
    const before = stored;
    stored = await readStored();
    const asked = model.calls.slice(calls);
    const about = `${JSON.stringify(moment)}\n${stderr}`;
    const lost = [...session.committed].filter((position) => !stored.has(position));
    figures.lost += lost.length;
    assertEquals(lost, [], `committed and not there, killed at ${about}`);
    assert(session.told <= stored.size, `told ${session.told} of ${stored.size}: ${about}`);
    const again = asked.filter(({ prompt }) => before.has(positionOf(prompt)));
    figures.doubled += again.length + [...stored.values()].filter((times) => times > 1).length;
    assertEquals(again, [], `recorded and asked again: ${about}`);
    if (committing) {
      figures.withinCommit++;
      if (stored.size > before.size + session.committed.size) figures.carriedOut++;
    }
    for (const call of asked) {
      if (stored.has(positionOf(call.prompt))) continue;
      figures.repeated++;
      const age = ageAt(killedAt, call);
      assert(age <= allowed, `answered ${age} ms before (${allowed} allowed): ${about}`);
      if (age <= figures.oldestRepeated) continue;
      figures.oldestRepeated = age;
      figures.allowed = allowed;
    }
  }
  const calls = model.calls.length;
  const { code, stderr } = await followSession(place, ARGS, env).ended();
  assertEquals(code, 0, stderr);
  assertEquals(
    model.calls.slice(calls).filter(({ prompt }) => stored.has(positionOf(prompt))),
    [],
    "recorded and asked again",
  );
  assertEquals(await shown(place, EXPERIMENT), round.undisturbed);
  assertEquals([...(await readStored()).values()], Array(items).fill(1));
  return killed;
}

/** Milliseconds between an answer and the kill; 0 for what was in flight. */
function ageAt(killedAt: number, { answeredAt }: Call): number {
  return answeredAt === undefined ? 0 : Math.max(0, killedAt - answeredAt);
}

function positionOf(prompt: string): number {
  return Number(prompt.slice("item ".length));
}

function momentOf(random: () => number, left: number): Moment {
  const kind = random();
  if (kind < 0.1) return { after: "start", ms: between(random, 0, 1500) };
  if (kind < 0.2) return { after: "everything", ms: between(random, 0, 300) };
  if (kind < 0.6) {
    return { after: "commits", count: between(random, 1, 12), ms: between(random, 0, 2) };
  }
  const count = between(random, 1, Math.ceil(left * 0.6));
  return { after: "answers", count, ms: between(random, 0, 60) };
}

/** Kills a session at its moment; `undefined` when it ended before. */
async function killAt(
  session: FollowedSession,
  moment: Moment,
  { model, left }: { readonly model: ModelServer; readonly left: number },
): Promise<number | undefined> {
  const reached = Promise.withResolvers<void>();
  const answeredBefore = model.answered;
  if (moment.after === "start") reached.resolve();
  model.onAnswer = () => {
    const wanted = moment.after === "everything"
      ? left
      : moment.after === "answers"
      ? moment.count
      : Infinity;
    if (model.answered - answeredBefore >= wanted) reached.resolve();
  };
  session.onCommit = () => {
    if (moment.after === "commits" && session.commits >= moment.count) reached.resolve();
  };
  const ended = session.process.status.then(() => "ended" as const);
  const first = await Promise.race([
    ended,
    reached.promise.then(() => moment.ms > 0 ? wait(moment.ms) : undefined),
  ]);
  if (first === "ended") return undefined;
  const killedAt = performance.now();
  try {
    session.process.kill("SIGKILL");
  } catch {
    // It ended in this very moment.
    return undefined;
  }
  const { signal } = await session.process.status;
  return signal === "SIGKILL" ? killedAt : undefined;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
