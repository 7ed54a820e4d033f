import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { systemClock } from "../clock.ts";
import { Database } from "./database.ts";
import { openFileExecutor } from "./file_executor.ts";
import { LibsqlStorage } from "./libsql_storage.ts";
import { migrate } from "./migrate.ts";
import { Reach } from "./reach.ts";
import { SpooledStorage } from "./spooled_storage.ts";
import { type SqlExecutor, type SqlValue, type Statement, textAt } from "./sql.ts";
import type { Storage, StorageSession } from "./storage.ts";
import type { StoredEvaluation } from "./stored_evaluation.ts";
import { all, allKeys, definition, failure, HOLDER, keyOf, record } from "./testing/samples.ts";

/** The tables that have a row for each item, or more. */
const LARGE = ["items", "scores", "calls"];

/** Partial indexes of what is rare: to read all of one is to read little. */
const OF_THE_RARE = ["items_unsettled", "scores_unsummed"];

/** What may be sorted though it comes from a large table, by a part of its SQL, and why. */
const SORTED: readonly (readonly [part: string, why: string])[] = [
  ["GROUP BY bin", "an evaluation's numbers by bin: as of scores by name"],
  ["GROUP BY s.value", "an evaluation's texts: as of scores by name"],
  ["ORDER BY s.number, i.position", "the lowest scores: no more than these are kept of it"],
  ["GROUP BY s.name", "an evaluation's scores by name: an index in that order would double them"],
  ["ORDER BY e.ordinal", "evaluations, which are few"],
  ["WITH upto(key) AS", "a part of two evaluations' rows, of some ten thousand"],
  ["WITH page AS", "a page, of some hundred rows at the most"],
];

/** Remembers each statement that it runs. */
function recording(executor: SqlExecutor, seen: Map<string, readonly SqlValue[]>): SqlExecutor {
  return {
    run(statements, mode) {
      for (const { sql, args = [] } of statements) seen.set(sql, args);
      return executor.run(statements, mode);
    },
    close: () => executor.close(),
  };
}

/** The names that a statement gives to a large table. */
function namesOfLarge(sql: string): ReadonlySet<string> {
  const names = [
    ...sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)(?:\s+(?:AS\s+)?([a-z]\w*))?/g),
  ]
    .filter(([, table = ""]) => LARGE.includes(table))
    .flatMap(([, table = "", alias]) => alias === undefined ? [table] : [table, alias]);
  return new Set(names);
}

/** What is wrong with the plan of a statement. */
function faultsOf(sql: string, plan: readonly string[]): readonly string[] {
  const large = namesOfLarge(sql);
  const mayBeSorted = large.size === 0 || SORTED.some(([part]) => sql.includes(part));
  return plan.filter((step) => {
    const [, scanned = ""] = step.match(/^SCAN (\w+)/) ?? [];
    if (large.has(scanned)) return !OF_THE_RARE.some((index) => step.includes(` INDEX ${index}`));
    return step.startsWith("USE TEMP B-TREE") && !mayBeSorted;
  });
}

/** All that `list`, `show` and a run that goes on ask of a storage. */
async function use(storage: Storage): Promise<void> {
  async function inSession(
    fresh: boolean,
    work: (session: StorageSession, evaluation: StoredEvaluation) => Promise<void>,
  ): Promise<void> {
    await using session = await storage.begin("trial", HOLDER);
    await work(session, await session.evaluation(definition(), { fresh }));
  }
  const metric = { score: "exactMatch", metric: "accuracy", parameters: {} };
  await inSession(false, async (session, { id }) => {
    await session.commit([record(id, 0), failure(id, 1), record(id, 2)], [
      { evaluation: id, metrics: [metric] },
    ]);
    await session.settle();
    await session.mark(id, [{ key: keyOf(2), repeat: 0 }], true);
    await session.finish(id, "incomplete", 3);
  });
  await inSession(false, async (session, evaluation) => {
    const { id, name, variant } = evaluation;
    await session.find(name, variant);
    assertEquals((await allKeys(session, evaluation)).length, 3);
    await storage.aggregates(id);
    await session.commit([record(id, 1)]);
    await session.storeMetrics(id, [{ ...metric, value: 1 }]);
    await session.finish(id, "complete", 3);
  });
  await inSession(true, async (session, { id }) => {
    const scored = [0.5, 0.7, "text"].map((value, n) =>
      record(id, n + 1, { scores: [{ name: "x", value, metadata: undefined }] })
    );
    await session.commit([record(id, 0), ...scored]);
    await session.finish(id, "complete", 4);
    await session.dropOlder(id);
  });
  await storage.experiments();
  await storage.experiment("trial");
  for (const evaluation of await storage.evaluations("trial")) {
    await storage.metrics(evaluation.id);
    await storage.callTotals(evaluation.id);
    await storage.aggregates(evaluation.id);
    await storage.distributions(evaluation.id);
    await Array.fromAsync(storage.scoreValues(evaluation.id, "exactMatch"));
    for (const errorsOnly of [true, false]) await all(storage, evaluation, { errorsOnly });
    await Array.fromAsync(storage.pairedScores(evaluation.id, evaluation.id, { keys: 1 }));
    await all(storage, evaluation, { keyPrefix: keyOf(0).slice(0, 8) });
  }
}

for (const place of ["local", "remote"]) {
  Deno.test(`no statement of a ${place} storage reads a large table without an index`, async () => {
    const folder = await Deno.makeTempDir();
    const seen = new Map<string, readonly SqlValue[]>();
    const executor = recording(await openFileExecutor(join(folder, "plans.db")), seen);
    const database = new Database(executor, "plans.db");
    await migrate(database, { create: true });
    seen.clear();
    const clock = systemClock;
    const own = new LibsqlStorage(database, { clock, commitSize: 10 });
    await using storage = place === "local" ? own : new SpooledStorage(own, {
      clock,
      random: Math.random,
      reach: new Reach(clock),
      spool: join(folder, "spool"),
      spoolBytes: 1e6,
      patienceMs: 1e4,
    });
    await use(storage);
    const statements: readonly Statement[] = [...seen].map(([sql, args]) => ({ sql, args }));
    assert(statements.length > 20);
    for (const { sql, args = [] } of statements) {
      if (!/^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b/.test(sql)) continue;
      const rows = await database.rows({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
      const plan = rows.map((row) => textAt(row, 3));
      assertEquals(faultsOf(sql, plan), [], `${sql}\n\n${plan.join("\n")}`);
    }
    await Deno.remove(folder, { recursive: true });
  });
}
