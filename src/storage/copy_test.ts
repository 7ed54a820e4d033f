import { assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { copyExperiment } from "./copy.ts";
import type { LibsqlStorage } from "./libsql_storage.ts";
import { openLibsql } from "./open_libsql.ts";
import type { RecordedCall } from "./recorded_call.ts";
import type { Statement } from "./sql.ts";
import { all, definition, failure, HOLDER, now, record, records } from "./testing/samples.ts";

/** Two databases in a folder that is removed afterwards. */
interface Pair extends AsyncDisposable {
  readonly from: LibsqlStorage;
  readonly to: LibsqlStorage;
}

async function pair(): Promise<Pair> {
  await using opened = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
  opened.defer(() => Deno.remove(folder, { recursive: true }));
  const from = opened.use(await openLibsql(`${folder}/from.db`, { create: true }));
  const to = opened.use(await openLibsql(`${folder}/to.db`, { create: true }));
  const kept = opened.move();
  return { from, to, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** A session that records so many results, and says which commit it ran. */
async function fill(storage: LibsqlStorage, count: number, commit = "c0ffee"): Promise<void> {
  await using session = await storage.begin("trial", HOLDER);
  await session.setGit(commit, true);
  const evaluation = await session.evaluation(definition());
  await session.commit(records(evaluation, count));
  await session.finish(evaluation.id, "complete", count);
}

/** A call of a model. */
const CALL: RecordedCall = {
  model: "openai:m",
  kind: "generate",
  attempts: 2,
  latencyMs: 785.25,
  timeToFirstTokenMs: undefined,
  inputTokens: 10,
  outputTokens: 3,
  cachedTokens: undefined,
  reasoningTokens: undefined,
  cost: 0.000_21,
  finishReason: "stop",
  error: undefined,
  request: undefined,
  response: undefined,
};

const TRIAL = { experiment: "trial", holder: HOLDER };

/** All rows of a database's tables but for leases. */
async function dump(storage: LibsqlStorage): Promise<unknown> {
  const tables = ["experiments", "sessions", "evaluations", "items", "scores", "score_metrics"];
  const results = await storage.database.read(...tables.map((table) => ({
    sql: `SELECT ${table === "items" ? "id, hex(key), row, gone, duration_ms" : "*"} FROM ${table}
      ORDER BY 1, 2`,
  })));
  return results.map(({ rows }) => rows);
}

/** The rows of a database that a copy shares. */
async function contents(storage: LibsqlStorage): Promise<unknown> {
  const results = await storage.database.read(
    { sql: "SELECT name, created_at, updated_at FROM experiments" },
    { sql: "SELECT token, host, git_commit, git_dirty, started_at, finished_at FROM sessions" },
    { sql: "SELECT name, ordinal, revision, created_at, updated_at FROM evaluations ORDER BY id" },
    {
      sql: `SELECT id & 4294967295, hex(key), started_at, duration_ms, row, gone FROM items
        ORDER BY id`,
    },
    {
      sql: `SELECT item_id & 4294967295, ordinal, name, kind, number, value FROM scores
        ORDER BY item_id, ordinal`,
    },
    { sql: "SELECT score, number, value, details, results, revision FROM score_metrics" },
  );
  return results.map(({ rows }) => rows);
}

async function refusal(copying: Promise<unknown>, code: string): Promise<DotevalsError> {
  const error = await assertRejects(() => copying, DotevalsError);
  assertEquals([error.code, error.exitCode], [code, 3], error.message);
  return error;
}

Deno.test("copyExperiment() copies all that is recorded, bit by bit, and verifies it", async () => {
  await using opened = await pair();
  const { from, to } = opened;
  {
    await using session = await from.begin("trial", HOLDER);
    await session.setGit("c0ffee", true);
    const one = await session.evaluation(definition({ metadata: '{"a":1}', tags: ["x", "y"] }));
    await session.commit(records(one, 1_500));
    await session.commit([
      record(one, 2_000, { metadata: '"m"', prompt: '"p\\u0000"' }),
      record(one, 2_001, {
        durationMs: 0.002660005039483049,
        response: `"${"ä".repeat(400_000)}"`,
      }),
      record(one, 2_002, {
        scores: [NaN, -0, Infinity, 4.222896995134782e-7, "text\0", { a: true }].map((
          value,
          n,
        ) => ({
          name: `s${n}`,
          value,
          metadata: n === 1 ? "{}" : undefined,
        })),
      }),
      failure(one, 2_003, { calls: [CALL, { ...CALL, error: "E: m", request: '"r"', cost: 0.1 }] }),
      record(one, 2_004, { repeat: 3 }),
    ]);
    await session.commit([record(one, 2_005, { calls: [CALL] })]);
    await session.mark(one.id, [record(one, 7), record(one, 2_005)], true);
    const metric = { score: "exactMatch", metric: "median", parameters: { p: 0.5 } };
    await session.storeMetrics(one.id, [{ ...metric, value: 1 / 3, details: { n: [1] } }]);
    await session.commit([record(one, 3_000)]);
    await session.finish(one.id, "complete", 1_506);
    const two = await session.evaluation(definition({ name: 'a/"b"', variant: '{"m":1}' }));
    await session.commit(records(two, 3));
    await session.finish(two.id, "incomplete", 9);
  }
  // Bound by themselves they are exact, whatever their decimals are read as.
  for (const number of [945.399355335189, 785.542698788829, 0.002660005039483049]) {
    await from.database.write({
      sql: "UPDATE items SET duration_ms = ?1 WHERE position = ?2",
      args: [number, Math.trunc(number)],
    }, { sql: "UPDATE calls SET latency_ms = ?1 WHERE ordinal = 1", args: [number] });
  }
  const outcome = await copyExperiment(from, to, TRIAL);
  assertEquals([outcome.evaluations, outcome.results, outcome.present], [2, 1_510, 0]);
  const [before, after] = [await from.evaluations("trial"), await to.evaluations("trial")];
  assertEquals(after, before);
  assertEquals(await to.experiments(), await from.experiments());
  for (const evaluation of before) {
    assertEquals(await all(to, evaluation), await all(from, evaluation));
    assertEquals(await to.metrics(evaluation.id), await from.metrics(evaluation.id));
    assertEquals(await to.aggregates(evaluation.id), await from.aggregates(evaluation.id));
    assertEquals(await to.callTotals(evaluation.id), await from.callTotals(evaluation.id));
  }
  assertEquals(await contents(to), await contents(from));
  const again = await copyExperiment(from, to, TRIAL);
  assertEquals(again, { ...outcome, present: outcome.results });
});

Deno.test("copyExperiment() goes on where it stopped", async () => {
  await using opened = await pair();
  const { from, to } = opened;
  await fill(from, 2_500);
  await assertRejects(() =>
    copyExperiment(from, to, {
      ...TRIAL,
      onProgress: () => {
        throw new Error("stopped");
      },
    })
  );
  assertEquals((await now(to)).status, "incomplete");
  const { results, present } = await copyExperiment(from, to, TRIAL);
  assertEquals([results, present], [2_500, 1_000]);
  assertEquals((await now(to)).status, "complete");
  assertEquals(await contents(to), await contents(from));
});

Deno.test("copyExperiment() takes over what a source recorded, retried and missed since", async () => {
  await using opened = await pair();
  const { from, to } = opened;
  {
    await using session = await from.begin("trial", HOLDER);
    const evaluation = await session.evaluation(definition());
    await session.commit([
      ...records(evaluation, 3),
      failure(evaluation, 3),
      failure(evaluation, 4),
    ]);
    await session.mark(evaluation.id, [record(evaluation, 0)], true);
  }
  await copyExperiment(from, to, TRIAL);
  {
    await using session = await from.begin("trial", HOLDER);
    const evaluation = await session.evaluation(definition());
    const another = failure(evaluation, 4, {
      error: { name: "E", message: "m", stack: undefined },
    });
    await session.commit([record(evaluation, 3), another, record(evaluation, 5)]);
    await session.mark(evaluation.id, [record(evaluation, 0)], false);
    await session.mark(evaluation.id, [record(evaluation, 1), record(evaluation, 2)], true);
  }
  const { results, present } = await copyExperiment(from, to, TRIAL);
  assertEquals([results, present], [6, 3]);
  const [source, copy] = [await now(from), await now(to)];
  assertEquals(copy, source);
  assertEquals(await all(to, copy), await all(from, source));
});

Deno.test("copyExperiment() brings back what a copy recorded since", async () => {
  await using opened = await pair();
  const { from, to } = opened;
  await fill(from, 10, "first");
  await copyExperiment(from, to, TRIAL);
  await fill(to, 20, "second");
  const { results, present } = await copyExperiment(to, from, TRIAL);
  assertEquals([results, present], [20, 10]);
  const [{ rows: commits } = { rows: [] }] = await from.database.read({
    sql: `SELECT git_commit, count(*) FROM items i JOIN sessions s ON s.id = i.session_id
      GROUP BY 1 ORDER BY 1`,
  });
  assertEquals(commits, [["first", 10], ["second", 10]]);
});

Deno.test("copyExperiment() leaves a target that has other results as it is", async () => {
  await using opened = await pair();
  const { from, to } = opened;
  await fill(from, 5);
  await fill(to, 2);
  const before = await dump(to);
  const error = await refusal(copyExperiment(from, to, TRIAL), "copy-differs");
  assertStringIncludes(error.message, '"trial"');
  assertStringIncludes(error.message, to.location);
  assertEquals(await dump(to), before);
});

Deno.test("copyExperiment() leaves two copies that both went on as they are", async () => {
  await using opened = await pair();
  const { from, to } = opened;
  await fill(from, 5);
  await copyExperiment(from, to, TRIAL);
  await fill(from, 6);
  await fill(to, 7);
  const before = [await dump(from), await dump(to)];
  await refusal(copyExperiment(from, to, TRIAL), "copy-differs");
  await refusal(copyExperiment(to, from, TRIAL), "copy-differs");
  assertEquals([await dump(from), await dump(to)], before);
});

Deno.test("copyExperiment() copies what was renamed beside the copy of its older name", async () => {
  await using opened = await pair();
  const { from, to } = opened;
  await fill(from, 5);
  const first = await copyExperiment(from, to, TRIAL);
  await from.rename("trial", "renamed");
  const renamed = { experiment: "renamed", holder: HOLDER };
  const second = await copyExperiment(from, to, renamed);
  assertEquals([second.results, second.present], [5, 0]);
  assertNotEquals(second.checksum, first.checksum, "renaming is a change");
  assertEquals((await copyExperiment(from, to, renamed)).present, 5);
  assertEquals((await to.experiments()).map(({ name }) => name).sort(), ["renamed", "trial"]);
});

Deno.test("copyExperiment() replaces an older generation that the source has dropped", async () => {
  await using opened = await pair();
  const { from, to } = opened;
  await fill(from, 5);
  await copyExperiment(from, to, TRIAL);
  {
    await using session = await from.begin("trial", HOLDER);
    const fresh = await session.evaluation(definition(), { fresh: true });
    await session.commit(records(fresh, 4));
    await session.finish(fresh.id, "complete", 4);
    await session.dropOlder(fresh.id);
  }
  assertEquals((await copyExperiment(from, to, TRIAL)).results, 4);
  const { generation, completed } = await now(to);
  assertEquals([generation, completed], [2, 4]);
  const [items = []] = await to.database.rows({ sql: "SELECT count(*) FROM items" });
  assertEquals(items, [4]);
});

Deno.test("copyExperiment() refuses an experiment that is written, before or meanwhile", async () => {
  await using opened = await pair();
  const { from, to } = opened;
  await fill(from, 2_000);
  {
    await using _session = await from.begin("trial", HOLDER);
    const error = await refusal(copyExperiment(from, to, TRIAL), "experiment-locked");
    assertStringIncludes(error.message, `process ${HOLDER.pid} on ${HOLDER.host}`);
    assertEquals(await to.experiments(), []);
  }
  let written = false;
  const database = Object.create(from.database, {
    read: {
      async value(...statements: readonly Statement[]) {
        const results = await from.database.read(...statements);
        if (!written && statements.some(({ sql }) => sql.includes("NOT INDEXED"))) {
          written = true;
          await fill(from, 2_001);
        }
        return results;
      },
    },
  });
  const writtenMeanwhile = Object.create(from, { database: { value: database } });
  await refusal(copyExperiment(writtenMeanwhile, to, TRIAL), "copy-changed");
  assertEquals((await now(to)).status, "incomplete");
  assertEquals((await copyExperiment(from, to, TRIAL)).results, 2_001);
});
