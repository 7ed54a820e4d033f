import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path/join";
import { Database } from "./database.ts";
import { DotevalsError } from "../errors.ts";
import { openFileExecutor } from "./file_executor.ts";
import { readCallTotals } from "./libsql_calls.ts";
import { readRecords } from "./libsql_records.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./schema.ts";
import { type SqlRow, textAt } from "./sql.ts";
import type { EvaluationId } from "./stored_evaluation.ts";

/** Runs `fn` on an empty database file. */
async function onDatabase(fn: (database: Database) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
  try {
    const database = new Database(await openFileExecutor(join(folder, "x.db")), "file:x.db");
    try {
      await fn(database);
    } finally {
      await database.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function schemaOf(database: Database): Promise<readonly SqlRow[]> {
  return await database.rows({
    sql: "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
  });
}

Deno.test("migrate() brings every earlier version to the newest", async () => {
  for (let version = 0; version <= MIGRATIONS.length; version++) {
    await onDatabase(async (database) => {
      if (version > 0) {
        await migrate(database, { create: true, migrations: MIGRATIONS.slice(0, version) });
      }
      await migrate(database, { create: true });
      const rows = await database.rows({ sql: "SELECT version FROM schema_migrations" });
      assertEquals(rows.map(([number]) => number), MIGRATIONS.map((_, index) => index + 1));
      const migrated = await schemaOf(database);
      await onDatabase(async (fresh) => {
        await migrate(fresh, { create: true });
        assertEquals(migrated, await schemaOf(fresh));
      });
    });
  }
});

Deno.test("migrate() keeps what version 1 recorded, without calls", async () => {
  await onDatabase(async (database) => {
    await migrate(database, { create: true, migrations: MIGRATIONS.slice(0, 1) });
    await database.write(
      { sql: "INSERT INTO experiments VALUES (1, 'old', 5, 6)" },
      { sql: "INSERT INTO sessions VALUES (1, 1, 't', 'h', 1, '0', '2', NULL, NULL, 5, 6)" },
      {
        sql: `INSERT INTO evaluations VALUES
          (1, 1, 'accuracy', '{}', 1, 0, 'complete', 1, 2, 3, 'c', 'm', '0', '', NULL, '[]', 5, 6)`,
      },
      {
        sql: `INSERT INTO items (id, evaluation_id, key, repeat, position, attempts, started_at,
            duration_ms, row, response, error_name, error_message)
          VALUES (4294967296, 1, x'00', 0, 0, 1, 5, 6, '1', '"2"', NULL, NULL),
            (4294967297, 1, x'01', 0, 1, 1, 5, 6, '2', NULL, 'TypeError', 'no')`,
      },
      { sql: "INSERT INTO scores VALUES (4294967296, 0, 'right', 'boolean', 1, NULL, NULL)" },
    );
    await migrate(database, { create: false });
    const id = 1 as EvaluationId;
    const records = await Array.fromAsync(readRecords(database, id));
    assertEquals(
      records.map((
        { row, response, error, scores, calls },
      ) => [row, response, error, scores, calls]),
      [
        ["1", '"2"', undefined, [{ name: "right", value: true, metadata: undefined }], []],
        ["2", undefined, { name: "TypeError", message: "no", stack: undefined }, [], []],
      ],
    );
    assertEquals(await readCallTotals(database, id), []);
  });
});

Deno.test("migrate() runs only the migrations that are missing, all or none", async () => {
  await onDatabase(async (database) => {
    const first = ["CREATE TABLE one (x)"];
    await migrate(database, { create: true, migrations: [first] });
    const bad = ["CREATE TABLE two (x)", "CREATE TABLE two (x)"];
    await assertRejects(() => migrate(database, { create: false, migrations: [first, bad] }));
    assert(!(await schemaOf(database)).some((row) => textAt(row, 1) === "two"));
    await migrate(database, { create: false, migrations: [first, ["CREATE TABLE two (x)"]] });
    assert((await schemaOf(database)).some((row) => textAt(row, 1) === "two"));
  });
});

Deno.test("migrate() makes no tables where it is only to read", async () => {
  await onDatabase(async (database) => {
    const error = await assertRejects(() => migrate(database, { create: false }), DotevalsError);
    assertEquals(error.code, "no-storage");
    assertEquals(await schemaOf(database), []);
  });
});

Deno.test("the schema has an index for every large read", async () => {
  await onDatabase(async (database) => {
    await migrate(database, { create: true });
    const queries = [
      "SELECT count(*) FROM items WHERE evaluation_id = 1",
      "SELECT key, repeat FROM items WHERE evaluation_id = 1 AND (key, repeat) > (x'', 0) ORDER BY key, repeat",
      "SELECT id FROM items WHERE evaluation_id = 1 AND (position, repeat, id) > (0, 0, 0) ORDER BY position, repeat, id",
    ];
    for (const sql of queries) {
      const plan = (await database.rows({ sql: `EXPLAIN QUERY PLAN ${sql}` }))
        .map((row) => textAt(row, 3));
      assertEquals(plan.length, 1, plan.join("\n"));
      assert(plan[0]?.startsWith("SEARCH items USING COVERING INDEX"), plan.join("\n"));
    }
  });
});
