import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { Database } from "../../src/storage/database.ts";
import { openFileExecutor } from "../../src/storage/file_executor.ts";
import { migrate } from "../../src/storage/migrate.ts";
import { openStorage } from "../../src/storage/open.ts";
import { MIGRATIONS } from "../../src/storage/schema.ts";
import { HOLDER } from "../../src/storage/testing/samples.ts";
import { fixturePath, type Workplace, workplace } from "./command.ts";

const NEWEST = MIGRATIONS.length;

/** A folder with an experiment in the default storage. */
async function withExperiment(): Promise<Workplace> {
  const place = await workplace();
  const { code, stderr } = await place.dotevals(
    ...["run", fixturePath("basic"), "--experiment", "e"],
  );
  assertEquals(code, 0, stderr);
  return place;
}

function pathOf(place: Workplace): string {
  return join(place.folder, ".dotevals", "dotevals.db");
}

/** Makes a file with the tables of an older version, and an experiment. */
async function olderStorage(path: string, version: number, ...more: string[]): Promise<void> {
  const database = new Database(await openFileExecutor(path), path);
  await migrate(database, { create: true, migrations: MIGRATIONS.slice(0, version) });
  for (const sql of ["INSERT INTO experiments VALUES (1, 'old', 1, 2)", ...more]) {
    await database.write({ sql });
  }
  await database.close();
}

/** The tables of a file and what its versions are. */
async function schemaOf(path: string): Promise<unknown> {
  const executor = await openFileExecutor(path);
  const results = await executor.run([
    { sql: "SELECT name, sql FROM sqlite_master ORDER BY 1" },
    { sql: "SELECT version FROM schema_migrations ORDER BY 1" },
    { sql: "SELECT name FROM experiments" },
  ], "read");
  await executor.close();
  return results.map(({ rows }) => rows);
}

Deno.test("storage lists its commands, and suggests the one that was meant", async () => {
  await using place = await workplace();
  const help = await place.dotevals("storage", "--help");
  assertEquals([help.code, help.stderr], [0, ""]);
  for (const part of ["check", "vacuum", "migrate", "copy"]) {
    assertMatch(help.stdout, new RegExp(`^  ${part} `, "m"));
    const own = await place.dotevals("storage", part, "--help");
    assertEquals([own.code, own.stderr], [0, ""]);
    assertStringIncludes(own.stdout, `Example:\n  dotevals storage ${part}`);
  }
  for (
    const [args, text] of [
      [[], '"dotevals storage" needs one of check, vacuum, migrate, copy.'],
      [["--jsn"], '"dotevals storage" needs one of check, vacuum, migrate, copy.'],
      [["chek"], "Did you mean storage check?"],
      [["check", "--jsn"], "Did you mean --json?"],
      [["check", "results.db"], 'does not know what to do with "results.db"'],
      [["check"], "There is no storage at file:.dotevals/dotevals.db."],
      [["vacuum"], "There is no storage at file:.dotevals/dotevals.db."],
      [["migrate"], "There is no storage at file:.dotevals/dotevals.db."],
      [["check", "--storage", "memory:"], '"memory:" holds nothing that outlives a process.'],
    ] as const
  ) {
    const { code, stderr } = await place.dotevals("storage", ...args);
    assertStringIncludes(stderr, text);
    assertEquals(code, 2);
  }
});

Deno.test("storage check says what it looked at, and changes nothing", async () => {
  await using place = await withExperiment();
  const before = await Deno.readFile(pathOf(place));
  const { code, stdout, stderr } = await place.dotevals("storage", "check");
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, `file:.dotevals/dotevals.db: schema version ${NEWEST}\n`);
  assertStringIncludes(
    stdout,
    "1 experiment, 1 session, 1 evaluation, 3 results (0 errors, 0 gone)",
  );
  assert(stdout.endsWith("Sound.\n"), stdout);
  assertEquals(await Deno.readFile(pathOf(place)), before);
  const json = JSON.parse((await place.dotevals("storage", "check", "--json")).stdout);
  assertEquals([json.version, json.sound, json.problems], [1, true, []]);
});

Deno.test("storage check tells problems with what to do, and ends with 1", async () => {
  await using place = await withExperiment();
  const executor = await openFileExecutor(pathOf(place));
  await executor.run([{ sql: "DELETE FROM items WHERE position = 1" }], "write");
  await executor.close();
  const { code, stdout } = await place.dotevals("storage", "check");
  assertEquals(code, 1, stdout);
  assertStringIncludes(
    stdout,
    'problem: Complete evaluations lack results: 1, "sums" among them.\n' +
      "  Run the experiment again: what is missing is run.\n",
  );
  assertEquals((await place.dotevals("run", fixturePath("basic"), "--experiment", "e")).code, 0);
});

Deno.test("storage vacuum gives room back, and waits for nobody who writes", async () => {
  await using place = await withExperiment();
  const path = pathOf(place);
  const storage = await openStorage(path, { mode: "write" });
  const session = await storage.begin("e", HOLDER);
  const refused = await place.dotevals("storage", "vacuum");
  assertEquals(refused.code, 3);
  assertStringIncludes(
    refused.stderr,
    `is in use: process ${HOLDER.pid} on ${HOLDER.host} writes to the experiment "e".`,
  );
  await session.close();
  await storage[Symbol.asyncDispose]();
  const executor = await openFileExecutor(path);
  await executor.run([
    { sql: "CREATE TABLE much AS SELECT zeroblob(1000000) AS x" },
    { sql: "DROP TABLE much" },
  ], "write");
  await executor.close();
  const { size } = await Deno.stat(path);
  const { code, stdout, stderr } = await place.dotevals("storage", "vacuum");
  assertEquals(code, 0, stderr);
  const after = (await Deno.stat(path)).size;
  assert(after < size - 900_000, `${size} bytes before, ${after} after`);
  const text = `${size.toLocaleString("en")} bytes before, ${after.toLocaleString("en")} after.`;
  assertStringIncludes(stdout, text);
  assertStringIncludes((await place.dotevals("show", "e")).stdout, "0.667");
});

Deno.test("storage migrate says from where to where, or that there is nothing to do", async () => {
  await using place = await workplace();
  const path = join(place.folder, "old.db");
  await olderStorage(path, 1);
  const before = await schemaOf(path);
  const storage = ["--storage", "old.db"];
  const dry = await place.dotevals("storage", "migrate", "--dry-run", ...storage);
  assertEquals(dry.stdout, `file:old.db would go from schema version 1 to ${NEWEST}.\n`);
  assertStringIncludes(
    (await place.dotevals("storage", "check", ...storage)).stdout,
    `note: The tables are of version 1; the newest is ${NEWEST}.`,
  );
  assertEquals(await schemaOf(path), before);
  const done = await place.dotevals("storage", "migrate", ...storage);
  assertEquals(done.stdout, `file:old.db went from schema version 1 to ${NEWEST}.\n`);
  const [listed] = JSON.parse((await place.dotevals("list", "--json", ...storage)).stdout);
  assertEquals(listed.name, "old");
  assertEquals(
    (await place.dotevals("storage", "migrate", ...storage)).stdout,
    `file:old.db is at schema version ${NEWEST}, the newest; there is nothing to do.\n`,
  );
});

Deno.test("a migration that fails in the middle leaves the storage as it was", async () => {
  await using place = await workplace();
  const path = join(place.folder, "old.db");
  // Version 2 can be made, version 3 cannot.
  await olderStorage(path, 1, "CREATE TABLE calls (of_somebody_else)");
  const before = await schemaOf(path);
  for (const command of [["storage", "migrate"], ["list"]]) {
    const { code, stderr } = await place.dotevals(...command, "--storage", "old.db");
    assertEquals(code, 3);
    assertStringIncludes(stderr, "holds tables of something else");
    assertEquals(await schemaOf(path), before);
  }
});
