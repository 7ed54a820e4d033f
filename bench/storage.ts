/**
 * How many results a storage takes in a second, by their size: a local file, beside what
 * `@libsql/client` alone takes of the same data (into the same tables, and into one without
 * indexes), and a server's database that is 0, 20 and 100 ms away; and what such a server costs a run.
 *
 *     deno run -A bench/storage.ts
 *
 * @module
 */
import { type Client, createClient } from "@libsql/client/sqlite3";
import { fromFileUrl } from "@std/path/from-file-url";
import { join } from "@std/path/join";
import { openStorage } from "../src/storage/open.ts";
import type { EvaluationId, ItemKey, ItemRecordDraft } from "../src/storage/storage.ts";
import { startProxy } from "../tests/faults/proxy.ts";
import { sqldMissing, startSqld } from "../tests/sqld.ts";
import { figure, median } from "./_figures.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

const TIMES = 3;
const COMMIT = 1_000;
/** Rows of one `INSERT … VALUES`. */
const ROWS = 100;
const SIZES = [
  { name: "200 B", bytes: 200, results: 20_000 },
  { name: "2 KB", bytes: 2_000, results: 20_000 },
  { name: "20 KB", bytes: 20_000, results: 5_000 },
];
/** Milliseconds that a server's answers are late. */
const DELAYS_MS = [0, 20, 100];
/** Results that a server is given. */
const REMOTE_RESULTS = 10_000;
/** Rows of whole runs. */
const SHORT_ROWS = 10_000;
const LONG_ROWS = 60_000;

/** Results whose rows and responses together have so many bytes. */
function results(count: number, bytes: number, evaluation: number): ItemRecordDraft[] {
  return Array.from({ length: count }, (_, position) => ({
    evaluation: evaluation as EvaluationId,
    key: crypto.randomUUID().replaceAll("-", "") as ItemKey,
    repeat: 0,
    position,
    row: JSON.stringify({ text: text(position, bytes / 2) }),
    prompt: undefined,
    response: JSON.stringify(text(position, bytes / 2)),
    error: undefined,
    metadata: undefined,
    attempts: 1,
    startedAt: Date.now(),
    durationMs: 12.5,
    scores: [{ name: "exactMatch", value: position % 3 === 0, metadata: undefined }],
    calls: [{
      model: "openai:gpt-4o-mini",
      kind: "generate",
      attempts: 1,
      latencyMs: 312.125 + position % 7,
      timeToFirstTokenMs: undefined,
      inputTokens: 100 + position % 50,
      outputTokens: 20,
      cachedTokens: 0,
      reasoningTokens: undefined,
      cost: 0.000_027,
      finishReason: "stop",
      error: undefined,
      request: undefined,
      response: undefined,
    }],
  }));
}

function text(position: number, length: number): string {
  return `${position} lorem ipsum dolor "sit" amet `.repeat(Math.ceil(length / 30)).slice(
    0,
    length,
  );
}

/** Calls `commit` for one group of results after the other; returns results a second. */
async function rate(
  all: readonly ItemRecordDraft[],
  commit: (group: readonly ItemRecordDraft[]) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  for (let at = 0; at < all.length; at += COMMIT) await commit(all.slice(at, at + COMMIT));
  return all.length * 1000 / (performance.now() - start);
}

/** A new database with an evaluation in it. */
async function prepare(location: string, spool?: string) {
  const storage = await openStorage(location, {
    mode: "write",
    ...spool !== undefined && { spool },
  });
  const holder = { host: "bench", pid: Deno.pid, version: "0", denoVersion: Deno.version.deno };
  const session = await storage.begin("bench", holder);
  const evaluation = await session.evaluation({
    name: "bench",
    variant: "{}",
    fingerprint: { code: "", model: "", major: "0", version: "" },
    metadata: undefined,
    tags: [],
  });
  return { storage, session, evaluation: evaluation.id };
}

async function dotevals(path: string, size: (typeof SIZES)[number]): Promise<number> {
  const { storage, session, evaluation } = await prepare(`file:${path}`);
  const all = results(size.results, size.bytes, evaluation);
  const reached = await rate(all, (group) => session.commit(group));
  await session.close();
  await storage[Symbol.asyncDispose]();
  return reached;
}

/** The same data into the same tables, by the client alone. */
async function sameTables(path: string, size: (typeof SIZES)[number]): Promise<number> {
  const { storage, session, evaluation } = await prepare(`file:${path}`);
  await session.close();
  await storage[Symbol.asyncDispose]();
  return await clientRate(path, results(size.results, size.bytes, evaluation), (group) => [
    insert(
      "items (id, evaluation_id, key, repeat, position, attempts, started_at, duration_ms, row, response)",
      group.map((r) => [
        r.position + 1,
        r.evaluation,
        Uint8Array.fromHex(r.key),
        r.repeat,
        r.position,
        r.attempts,
        r.startedAt,
        r.durationMs,
        r.row,
        r.response ?? null,
      ]),
    ),
    insert(
      "scores (item_id, ordinal, name, kind, number)",
      group.map((r) => [r.position + 1, 0, "exactMatch", "boolean", r.scores[0]?.value ? 1 : 0]),
    ),
  ]);
}

/** The same texts into one table without indexes, by the client alone. */
async function plainTable(path: string, size: (typeof SIZES)[number]): Promise<number> {
  const client = createClient({ url: `file:${path}` });
  await client.execute("PRAGMA journal_mode = WAL");
  await client.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, key, row, response, score)");
  client.close();
  return await clientRate(path, results(size.results, size.bytes, 1), (group) => [
    insert(
      "plain (id, key, row, response, score)",
      group.map((r) => [r.position, r.key, r.row, r.response ?? null, r.scores[0]?.value ? 1 : 0]),
    ),
  ]);
}

type Value = string | number | Uint8Array | null;

function insert(into: string, rows: readonly (readonly Value[])[]) {
  const [first = []] = rows;
  const row = `(${first.map(() => "?").join(", ")})`;
  return {
    sql: `INSERT INTO ${into} VALUES ${rows.map(() => row).join(", ")}`,
    args: rows.flat(),
  };
}

async function clientRate(
  path: string,
  all: readonly ItemRecordDraft[],
  statements: (group: readonly ItemRecordDraft[]) => readonly ReturnType<typeof insert>[],
): Promise<number> {
  const client: Client = createClient({ url: `file:${path}`, concurrency: 1 });
  await client.execute("PRAGMA cache_size = -65536");
  await client.execute("PRAGMA wal_autocheckpoint = 16000");
  const reached = await rate(all, (group) => {
    const batch = [];
    for (let at = 0; at < group.length; at += ROWS) {
      batch.push(...statements(group.slice(at, at + ROWS)));
    }
    return client.batch(batch, "write");
  });
  client.close();
  return reached;
}

/** Results a second into a server's database whose answers are late, until it has all of them. */
async function remotely(size: (typeof SIZES)[number], delayMs: number): Promise<number> {
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

async function benchLocal(): Promise<void> {
  for (const size of SIZES) {
    const reached: Record<string, number[]> = {};
    for (let time = 0; time < TIMES; time++) {
      for (const measure of [dotevals, sameTables, plainTable]) {
        const folder = await Deno.makeTempDir({ prefix: "dotevals" });
        (reached[measure.name] ??= []).push(await measure(join(folder, "bench.db"), size));
        await Deno.remove(folder, { recursive: true });
      }
    }
    const [own, same, plain] = [dotevals, sameTables, plainTable].map(({ name }) =>
      median(reached[name] ?? [])
    ) as [number, number, number];
    figure(`results of ${size.name}, dotevals`, own, "results/s");
    figure(`results of ${size.name}, libSQL alone, same tables`, same, "results/s");
    figure(`results of ${size.name}, libSQL alone, one plain table`, plain, "results/s");
    figure(
      `results of ${size.name}, libSQL alone (same tables) over dotevals`,
      same / own,
      "times",
    );
  }
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

await benchLocal();
if (sqldMissing === undefined) {
  await benchRemote();
  await benchRuns();
}
