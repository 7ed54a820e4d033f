import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { checkStorage, type StorageCheck } from "./check.ts";
import { Database } from "./database.ts";
import { openFileExecutor } from "./file_executor.ts";
import { openLibsql } from "./open_libsql.ts";
import { Spool } from "./spool.ts";
import { definition, failure, HOLDER, record, records } from "./testing/samples.ts";

/** A database with two evaluations, which tests damage. */
interface Damaged extends AsyncDisposable {
  readonly database: Database;
  readonly spool: string;
  /** Changes it as no dotevals would. */
  damage(...sql: readonly string[]): Promise<void>;
  check(): Promise<StorageCheck>;
}

async function sound(): Promise<Damaged> {
  const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
  const path = join(folder, "x.db");
  {
    await using storage = await openLibsql(path, { create: true });
    await using session = await storage.begin("trial", HOLDER);
    const one = await session.evaluation(definition());
    const call = { model: "m", kind: "generate", attempts: 1, ...NO_FIGURES } as const;
    await session.commit([...records(one, 5), record(one, 5, { calls: [call] }), failure(one, 6)]);
    await session.mark(one.id, [record(one, 0)], true);
    await session.storeMetrics(one.id, [
      { score: "exactMatch", metric: "median", parameters: {}, value: 1 },
    ]);
    await session.finish(one.id, "complete", 6);
  }
  const database = new Database(await openFileExecutor(path), "file:x.db");
  const spool = join(folder, "spool");
  return {
    database,
    spool,
    async damage(...sql) {
      await database.rows({ sql: "PRAGMA foreign_keys = OFF" });
      await database.write(...sql.map((sql) => ({ sql })));
    },
    check: () => checkStorage(database, { spool }),
    async [Symbol.asyncDispose]() {
      await database.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

const NO_FIGURES = {
  latencyMs: 1,
  timeToFirstTokenMs: undefined,
  inputTokens: 7,
  outputTokens: 8,
  cachedTokens: undefined,
  reasoningTokens: undefined,
  cost: undefined,
  finishReason: undefined,
  error: undefined,
  request: undefined,
  response: undefined,
} as const;

Deno.test("checkStorage() finds a storage sound that sessions wrote", async () => {
  await using subject = await sound();
  const { problems, notes, leftOut, counts } = await subject.check();
  assertEquals([problems, notes, leftOut], [[], [], []]);
  const wanted = { experiments: 1, sessions: 1, evaluations: 1, items: 7, errors: 1, gone: 1 };
  assertEquals(counts, wanted);
});

Deno.test("checkStorage() finds what no session would have left", async () => {
  const damages: Readonly<Record<string, readonly [string, ...string[]]>> = {
    "rows-without-owner": [
      "INSERT INTO scores SELECT 1, 0, name, kind, 1, NULL, NULL FROM scores LIMIT 1",
    ],
    "items-without-session": ["DELETE FROM sessions", "UPDATE evaluations SET session_id = 9"],
    "results-missing": ["DELETE FROM items WHERE position = 3"],
    "metrics-ahead": ["UPDATE score_metrics SET results = 7"],
    "totals-differ": ["UPDATE call_totals SET input_tokens = 8"],
    "missing-from-schema": ["DROP TRIGGER lease_check"],
    "items-not-unique": [
      "CREATE TABLE t AS SELECT * FROM items",
      "DROP TABLE items",
      "CREATE TABLE items AS SELECT * FROM t UNION ALL SELECT * FROM t",
    ],
  };
  for (const [code, sql] of Object.entries(damages)) {
    await using subject = await sound();
    await subject.damage(...sql);
    const { problems } = await subject.check();
    assert(
      problems.some((problem) => problem.code === code),
      `${code}: ${JSON.stringify(problems)}`,
    );
    for (const { text, hint } of problems) assert(text.endsWith(".") && hint.endsWith("."), text);
  }
});

Deno.test("checkStorage() finds damaged pages", async () => {
  await using subject = await sound();
  await subject.damage(
    "PRAGMA writable_schema = ON",
    "UPDATE sqlite_master SET rootpage = 2 WHERE name = 'items_in_order'",
  );
  await subject.database.rows({ sql: "PRAGMA writable_schema = RESET" });
  const { problems } = await subject.check();
  assert(problems.some(({ code }) => code === "damaged"), JSON.stringify(problems));
});

Deno.test("checkStorage() notes who writes, who left, and what is old", async () => {
  await using subject = await sound();
  await subject.damage(
    `INSERT INTO leases (experiment_id, shard, token, host, pid, heartbeat_at, expires_at)
      VALUES (1, '1/2', 'a', 'there', 1, 1, 2), (1, '2/2', 'b', 'there', 2, 1, 9e15)`,
    `INSERT INTO evaluations SELECT 9, experiment_id, name, variant, 2, ordinal, 'incomplete',
      session_id, 0, 0, code, model, major, version, metadata, tags, 1, 1 FROM evaluations`,
  );
  const { problems, notes } = await subject.check();
  assertEquals(problems, []);
  const codes = notes.map(({ code }) => code);
  assertEquals(codes, ["older-generations", "left-open", "in-use"]);
});

Deno.test("checkStorage() counts results that wait in a spool for this storage", async () => {
  await using subject = await sound();
  const location = subject.database.location;
  for (const place of [location, "http://elsewhere"]) {
    await using spool = await Spool.open(subject.spool, { experiment: "trial", location: place });
    const evaluation = record(1 as Parameters<typeof record>[0], 0).evaluation;
    await spool.add([0, 1].map((n) => ({ type: "result", record: record(evaluation, n) })));
    if (place !== location) continue;
    const { problems, notes } = await subject.check();
    assertEquals([problems, notes.map(({ code }) => code)], [[], ["results-on-their-way"]]);
  }
  const { problems } = await subject.check();
  assertEquals(problems.map(({ code }) => code), ["results-waiting"]);
  assert(problems[0]?.text.startsWith('2 results of "trial" wait in '), problems[0]?.text);
});
