import { assert } from "@std/assert";
import { join } from "@std/path/join";
import { sqldMissing, startSqld } from "../../tests/sqld.ts";
import { systemClock } from "../clock.ts";
import { openStorage } from "./open.ts";
import { Recorder } from "./recorder.ts";
import { definition, HOLDER, record } from "./testing/samples.ts";

/** What a commit may take from everything else, in milliseconds. */
const MOST_MS = 20;

const COMMITS = 9;

/** The longest pause of the event loop in each of some commits, and in as long a time without one. */
interface Pauses {
  readonly committing: readonly number[];
  readonly idle: readonly number[];
}

/** Commits results of such a size, group by group. */
async function pauses(
  location: string,
  { spool, bytes }: { readonly spool: string; readonly bytes: number },
): Promise<Pauses> {
  await using storage = await openStorage(location, { mode: "write", spool });
  await using session = await storage.begin(`results of ${bytes} bytes`, HOLDER);
  const evaluation = await session.evaluation(definition());
  const recorder = new Recorder(session, {
    clock: systemClock,
    onCommitted: () => {},
    onFailed: () => {},
  });
  // More than one group by their number or by their size.
  const count = Math.min(session.commitSize, 12_000_000 / (2 * bytes));
  const committing: number[] = [];
  const idle: number[] = [];
  const text = JSON.stringify('say "é" \\ '.repeat(bytes / 24));
  for (let commit = 0; commit < COMMITS; commit++) {
    const results = Array.from({ length: count }, (_, at) => {
      const n = commit * count + at;
      return record(evaluation, n, { row: `[${n},${text}]`, response: text });
    });
    const start = performance.now();
    committing.push(
      await longestPause(async () => {
        recorder.add(results);
        await recorder.flush();
        await session.settle();
      }),
    );
    const took = performance.now() - start;
    idle.push(await longestPause(() => new Promise((resolve) => setTimeout(resolve, took))));
  }
  return { committing, idle };
}

async function longestPause(during: () => Promise<void>): Promise<number> {
  using watch = watchEventLoop();
  await during();
  return watch.longest();
}

/**
 * Allows what the machine takes from the event loop even where there is nothing to do. The commits are
 * alike, so what one of them takes they all take: what is more in some is the machine's.
 */
function assertFree({ committing, idle }: Pauses): void {
  assert(
    Math.min(...committing) <= MOST_MS + Math.min(...idle),
    `pauses in ms: ${committing.map(Math.round)}; idle: ${idle.map(Math.round)}`,
  );
}

/** Looks how long the event loop takes from one turn to the next. */
function watchEventLoop() {
  let last = performance.now();
  let longest = 0;
  let timer = setTimeout(look, 0);
  function look(): void {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    timer = setTimeout(look, 0);
  }
  return {
    longest: () => Math.max(longest, performance.now() - last),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

for (const bytes of [200, 2_000, 20_000]) {
  const what = `commits of results of ${bytes} bytes leave the event loop free`;
  Deno.test(`${what}: a local file`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "dotevals" });
    const spool = join(folder, "spool");
    const found = await pauses(join(folder, "results.db"), { spool, bytes });
    await Deno.remove(folder, { recursive: true });
    assertFree(found);
  });

  Deno.test({
    name: `${what}: a remote database`,
    ignore: sqldMissing !== undefined,
    async fn() {
      await using server = await startSqld();
      const folder = await Deno.makeTempDir({ prefix: "dotevals" });
      const found = await pauses(server.url, { spool: join(folder, "spool"), bytes });
      await Deno.remove(folder, { recursive: true });
      assertFree(found);
    },
  });
}
