/**
 * A run that is killed just after a thousand answers have come at once.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { fixturePath, shown, type Workplace, workplace } from "../cli/command.ts";
import { allowedAge } from "./allowed_age.ts";
import { followSession } from "./followed_session.ts";
import { startModelServer } from "./model_server.ts";
import { watchStalls } from "./stalls.ts";
import { storedItems } from "./stored_items.ts";
import { assertTotals } from "./totals.ts";

const AT_ONCE = 1000;
const EXPERIMENT = "e";
const ARGS = [
  fixturePath("burst"),
  ...["--experiment", EXPERIMENT, "--concurrency", String(AT_ONCE), "--model", "openai:m"],
];

/** Who asks: the evaluation itself, or the `openai` provider. The evaluation notes what arrived. */
export type Asker = "evaluation" | "openai";

/** What a kill left. */
export interface BurstFigures {
  readonly asker: Asker;
  /** Milliseconds between the last of the answers and the kill. */
  readonly ms: number;
  /** Answers that the evaluation had received, and how many of them are recorded. */
  readonly arrived: number;
  readonly kept: number;
  /** The oldest answer that is not recorded, and how old it may be, in milliseconds. */
  readonly oldestLost: number;
  readonly allowed: number;
}

/** Kills a run so many milliseconds after 1,000 answers were sent, and goes on with it. */
export async function killAfterBurst(
  ms: number,
  asker: Asker = "evaluation",
): Promise<BurstFigures> {
  await using place = await workplace();
  const figures = await kill(place, { ms, asker });
  await using model = startModelServer();
  const env = environment(place, { url: model.url, asker });
  const { code, stderr } = await followSession(place, ARGS, env).ended();
  assertEquals(code, 0, stderr);
  assertEquals(model.calls.length, 2000 - figures.kept, "only what is not recorded is asked again");
  await assertTotals(place, EXPERIMENT);
  await using undisturbed = await workplace();
  const again = environment(undisturbed, { url: model.url, asker });
  await followSession(undisturbed, ARGS, again).ended();
  assertEquals(await shown(place, EXPERIMENT), await shown(undisturbed, EXPERIMENT));
  return figures;
}

async function kill(
  place: Workplace,
  { ms, asker }: { readonly ms: number; readonly asker: Asker },
): Promise<BurstFigures> {
  const asked = Promise.withResolvers<void>();
  await using model = startModelServer({
    wait(_prompt, number) {
      if (number === AT_ONCE) asked.resolve();
      return number <= AT_ONCE ? asked.promise : new Promise(() => {});
    },
  });
  using stalls = watchStalls();
  const session = followSession(place, ARGS, environment(place, { url: model.url, asker }));
  const sent = Promise.withResolvers<void>();
  model.onAnswer = () => {
    if (model.answered === AT_ONCE) sent.resolve();
  };
  await Promise.race([sent.promise, session.process.status]);
  await new Promise((resolve) => setTimeout(resolve, ms));
  const killedAt = performance.timeOrigin + performance.now();
  session.process.kill("SIGKILL");
  const stalled = stalls.longest(ms + 100);
  const { stderr } = await session.ended();
  const stored = await storedItems(join(place.folder, ".dotevals"));
  const arrivals = await readArrivals(place);
  const lost = arrivals.filter(([n]) => !stored.has(n)).map(([, at]) => killedAt - at);
  const figures = {
    asker,
    ms,
    arrived: arrivals.length,
    kept: stored.size,
    oldestLost: Math.round(Math.max(0, ...lost)),
    allowed: Math.round(allowedAge(session.longestCommit(killedAt)) + stalled),
  };
  const about = `${JSON.stringify(figures)}\n${stderr}`;
  assert(session.told <= stored.size, about);
  assert(figures.oldestLost <= figures.allowed, about);
  return figures;
}

function environment(
  { folder }: Workplace,
  { url, asker }: { readonly url: string; readonly asker: Asker },
): Record<string, string> {
  const arrivals = join(folder, "arrivals.txt");
  return { MODEL: url, OPENAI_BASE_URL: url, ASKER: asker, ARRIVALS: arrivals };
}

/** The rows of which the answers had come, and when, in milliseconds since the epoch. */
async function readArrivals(place: Workplace): Promise<readonly (readonly [number, number])[]> {
  const text = await Deno.readTextFile(join(place.folder, "arrivals.txt"));
  // The kill may have come within the writing of the last line.
  return text.split("\n").slice(0, -1).map((line) => {
    const [n = NaN, at = NaN] = line.split(" ").map(Number);
    return [n, at] as const;
  });
}
