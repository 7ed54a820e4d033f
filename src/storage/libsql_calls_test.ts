import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { Database } from "./database.ts";
import { openFileExecutor } from "./file_executor.ts";
import { readCallTotals } from "./libsql_calls.ts";
import { commitStatements } from "./libsql_commit.ts";
import { readRecords } from "./libsql_records.ts";
import { migrate } from "./migrate.ts";
import { addUp, type RecordedCall } from "./recorded_call.ts";
import { textAt } from "./sql.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import type { ItemRecordDraft } from "./stored_record.ts";
import { failure, record } from "./testing/samples.ts";

const ID = 1 as EvaluationId;

const CALL: RecordedCall = {
  model: "small",
  kind: "generate",
  attempts: 1,
  latencyMs: 5.5,
  timeToFirstTokenMs: undefined,
  inputTokens: 10,
  outputTokens: 1,
  cachedTokens: undefined,
  reasoningTokens: undefined,
  cost: 0.1,
  finishReason: undefined,
  error: undefined,
  request: undefined,
  response: undefined,
};

async function onDatabase(fn: (database: Database) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
  try {
    const database = new Database(await openFileExecutor(join(folder, "x.db")), "file:x.db");
    try {
      await migrate(database, { create: true });
      await database.write(
        { sql: "INSERT INTO experiments VALUES (1, 'e', 5, 6, 0)" },
        { sql: "INSERT INTO sessions VALUES (1, 1, 't', 'h', 1, '0', '2', NULL, NULL, 5, 6)" },
        {
          sql: `INSERT INTO evaluations VALUES
            (1, 1, 'accuracy', '{}', 1, 0, 'running', 1, 2, 3, 'c', 'm', '0', '', NULL, '[]', 5, 6)`,
        },
      );
      await fn(database);
    } finally {
      await database.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a commit that the network sends twice adds its calls up once, errors among them", async () => {
  await onDatabase(async (database) => {
    async function send(records: readonly ItemRecordDraft[], firstId: number): Promise<void> {
      const { statements } = commitStatements(records, {
        experimentId: 1,
        token: "t",
        leaseMs: 1,
        firstId,
        mayHaveFailed: () => true,
      });
      await database.write(...statements);
    }
    const first = [
      record(ID, 0, { calls: [CALL, { ...CALL, cost: 0.2 }] }),
      failure(ID, 1, { calls: [CALL, { ...CALL, error: "Error: no" }] }),
    ];
    const second = [failure(ID, 1, { calls: [{ ...CALL, model: "other" }] })];
    for (const [records, id] of [[first, 10], [first, 10], [second, 20], [second, 20]] as const) {
      await send(records, id);
      const stored = await Array.fromAsync(readRecords(database, ID));
      assertEquals(await readCallTotals(database, ID), addUp(stored.flatMap(({ calls }) => calls)));
    }
    const totals = await readCallTotals(database, ID);
    assertEquals(totals.map(({ model, calls, cost }) => [model, calls, cost]), [
      ["other", 1, 0.1],
      ["small", 2, 0.3],
    ]);
  });
});

Deno.test("totals are read without reading calls", async () => {
  await onDatabase(async (database) => {
    const sql =
      "SELECT model FROM call_totals WHERE evaluation_id = 1 AND calls > 0 ORDER BY model";
    const plan = await database.rows({ sql: `EXPLAIN QUERY PLAN ${sql}` });
    assertEquals(plan.length, 1);
    assert(textAt(plan[0] ?? [], 3).startsWith("SEARCH call_totals USING PRIMARY KEY"));
  });
});
