/**
 * How many results a server's database takes in a second that is 0, 20 and 100 ms away, and what
 * such a database costs a run.
 *
 *     deno run -A bench/remote_storage.ts
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { join } from "@std/path/join";
import { startProxy } from "../tests/faults/proxy.ts";
import { startSqld } from "../tests/sqld.ts";
import { figure, median } from "./_figures.ts";
import { prepare, rate, results, type Size, SIZES, TIMES } from "./_stored_results.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
/** Milliseconds that a server's answers are late. */
const DELAYS_MS = [0, 20, 100];
/** Results that a server is given. */
const REMOTE_RESULTS = 10_000;
/** Rows of whole runs. */
const SHORT_ROWS = 10_000;
const LONG_ROWS = 60_000;

/** Results a second into a server's database whose answers are late, until it has all of them. */
async function remotely(size: Size, delayMs: number): Promise<number> {
  await using server = await startSqld();
  await using proxy = startProxy(server.url, { delayMs });
  const folder = await Deno.makeTempDir({ prefix: "dotevals" });
  const { storage, session, evaluation } = await prepare(proxy.url, join(folder, "spool"));
  const all = results(Math.min(size.results, REMOTE_RESULTS), size.bytes, evaluation);
  const reached = await rate(all, async (group) => {
    await session.commit(group);
    if (group.at(-1) === all.at(-1)) await session.settle();
  });
  await session.close();
  await storage[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
  return reached;
}

/** Seconds of a whole run of the command with 1,000 items in flight. */
async function runFor(
  storage: string,
  { rows, folder }: { rows: number; folder: string },
): Promise<number> {
  const start = performance.now();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", join(ROOT, "cli.ts"), "run", join(ROOT, "bench/evals/asking.eval.ts")],
      ...["--model", "m=echo:", "--model-option", "m.delayMs=200", "--concurrency", "1000"],
      ...["--quiet", "--storage", storage],
    ],
    cwd: folder,
    env: { ROWS: String(rows) },
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return (performance.now() - start) / 1000;
}

async function localRun(rows: number): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "dotevals" });
  const took = await runFor("file:bench.db", { rows, folder });
  await Deno.remove(folder, { recursive: true });
  return took;
}

async function remoteRun(rows: number, delayMs: number): Promise<number> {
  await using server = await startSqld();
  await using proxy = startProxy(server.url, { delayMs });
  const folder = await Deno.makeTempDir({ prefix: "dotevals" });
  const took = await runFor(proxy.url, { rows, folder });
  await Deno.remove(folder, { recursive: true });
  return took;
}

async function benchRemote(): Promise<void> {
  for (const size of SIZES) {
    for (const delayMs of DELAYS_MS) {
      const reached: number[] = [];
      for (let time = 0; time < TIMES; time++) reached.push(await remotely(size, delayMs));
      const name = `results of ${size.name}, remote database ${delayMs} ms away`;
      figure(name, median(reached), "results/s");
    }
  }
}

/**
 * What a remote database costs a run: what it asks at the start and at the end, which is the same
 * for any number of items, and what it takes from the items, which is seen in a longer run.
 */
async function benchRuns(): Promise<void> {
  const [delayMs = 0] = DELAYS_MS.slice(-1);
  const fixed: number[] = [];
  const ratios: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const [local, remote] = [await localRun(SHORT_ROWS), await remoteRun(SHORT_ROWS, delayMs)];
    const longLocal = await localRun(LONG_ROWS);
    const longRemote = await remoteRun(LONG_ROWS, delayMs);
    fixed.push(remote - local);
    ratios.push((longRemote - remote) / (longLocal - local));
  }
  const run = `a run with 1,000 in flight, remote database ${delayMs} ms away`;
  figure(`${run}: start and end take longer by`, median(fixed), "s");
  figure(`${run}: the time of its items over a local file's`, median(ratios), "times");
}

await benchRemote();
await benchRuns();
