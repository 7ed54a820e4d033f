import { assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { Database } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrate.ts";
import { openRemoteExecutor } from "../../src/storage/remote_executor.ts";
import { MIGRATIONS } from "../../src/storage/schema.ts";
import { sqldMissing, startSqld } from "../sqld.ts";
import { fixturePath, workplace } from "./command.ts";

const NEWEST = MIGRATIONS.length;

Deno.test({
  name: "storage check looks at all of a server's database, and vacuum says who does it there",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using server = await startSqld();
    await using place = await workplace({ DOTEVALS_STORAGE: server.url });
    await place.dotevals("run", fixturePath("failing"), "--experiment", "e");
    const { code, stdout } = await place.dotevals("storage", "check", "--json");
    const { sound, leftOut, counts, location } = JSON.parse(stdout);
    assertEquals([code, sound, leftOut, location], [0, true, [], server.url]);
    assertEquals([counts.experiments, counts.items], [1, 3]);
    const vacuum = await place.dotevals("storage", "vacuum");
    assertEquals(vacuum.code, 3);
    assertStringIncludes(vacuum.stderr, "does not let its clients vacuum a database.");
    assertStringIncludes(vacuum.stderr, '"dotevals storage copy"');
  },
});

Deno.test({
  name: "a server's older tables are brought up to date by run and migrate, and by nothing else",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using server = await startSqld();
    await using place = await workplace({ DOTEVALS_STORAGE: server.url });
    const executor = openRemoteExecutor({ url: server.url, clock: systemClock });
    const database = new Database(executor, server.url);
    await migrate(database, { create: true, migrations: MIGRATIONS.slice(0, 1) });
    await database.write({ sql: "CREATE TABLE calls (of_somebody_else)" });
    const schema = async () =>
      await database.read(
        { sql: "SELECT name, sql FROM sqlite_master ORDER BY 1" },
        { sql: "SELECT version FROM schema_migrations ORDER BY 1" },
      );
    const before = await schema();
    const list = await place.dotevals("list");
    assertEquals(list.code, 3);
    assertStringIncludes(
      list.stderr,
      `has schema version 1; this dotevals reads version ${NEWEST}.\n` +
        'Bring it to that version with "dotevals storage migrate"',
    );
    const failed = await place.dotevals("storage", "migrate");
    assertEquals(failed.code, 3);
    assertStringIncludes(failed.stderr, "holds tables of something else");
    assertEquals(await schema(), before);
    await database.write({ sql: "DROP TABLE calls" });
    assertEquals(
      (await place.dotevals("storage", "migrate")).stdout,
      `${server.url} went from schema version 1 to ${NEWEST}.\n`,
    );
    await database.close();
    assertEquals((await place.dotevals("list", "--json")).stdout, "[]\n");
  },
});
