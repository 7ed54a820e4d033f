/**
 * How many results a local file takes in a second, by their size, beside what `@libsql/client` alone
 * takes of the same data: into the same tables, and into one without indexes.
 *
 *     deno run -A bench/storage.ts
 *
 * @module
 */
import { type Client, createClient } from "@libsql/client/sqlite3";
import { join } from "@std/path/join";
import type { ItemRecordDraft } from "../src/storage/stored_record.ts";
import { figure, median } from "./_figures.ts";
import { prepare, rate, results, type Size, SIZES, TIMES } from "./_stored_results.ts";

/** Rows of one `INSERT … VALUES`. */
const ROWS = 100;

async function dotevals(path: string, size: Size): Promise<number> {
  const { storage, session, evaluation } = await prepare(`file:${path}`);
  const all = results(size.results, size.bytes, evaluation);
  const reached = await rate(all, (group) => session.commit(group));
  await session.close();
  await storage[Symbol.asyncDispose]();
  return reached;
}

/** The same data into the same tables, by the client alone. */
async function sameTables(path: string, size: Size): Promise<number> {
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
    insert(
      "calls (item_id, ordinal, model, kind, attempts, latency_ms, input_tokens, output_tokens, cost)",
      group.flatMap(({ position, calls }) =>
        calls.map((call, ordinal) => [
          position + 1,
          ordinal,
          call.model,
          call.kind,
          call.attempts,
          call.latencyMs ?? null,
          call.inputTokens ?? null,
          call.outputTokens ?? null,
          call.cost ?? null,
        ])
      ),
    ),
  ]);
}

/** The same texts into one table without indexes, by the client alone. */
async function plainTable(path: string, size: Size): Promise<number> {
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
