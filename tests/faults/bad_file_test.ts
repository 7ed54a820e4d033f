import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { DatabaseSync } from "node:sqlite";
import { fixturePath, type Workplace, workplace } from "../cli/command.ts";
import { smallDisk, smallDiskMissing } from "./small_disk.ts";

const BASIC = fixturePath("basic");

/** A place with the database of a finished run. */
async function recorded(): Promise<{ place: Workplace; file: string; bytes: Uint8Array }> {
  const place = await workplace();
  await place.dotevals("run", BASIC, "--experiment", "e");
  const file = join(place.folder, ".dotevals", "dotevals.db");
  return { place, file, bytes: await Deno.readFile(file) };
}

const READ_AND_RUN = [["show", "e"], ["run", BASIC, "--experiment", "e"]];
const ALL = [...READ_AND_RUN, ["list"], ["delete", "e", "--yes"]];

/** Asserts that commands refuse a file with a message, and leave it as it is. */
async function assertRefused(
  place: Workplace,
  file: string,
  { message, commands }: {
    readonly message: RegExp;
    readonly commands: readonly (readonly string[])[];
  },
): Promise<void> {
  const before = await Deno.readFile(file);
  const names = await entries(file);
  for (const args of commands) {
    const { code, stderr } = await place.dotevals(...args);
    assertEquals(code, 3, stderr);
    assertMatch(stderr, message);
    assertStringIncludes(stderr, "dotevals.db");
    assertStringIncludes(stderr, "--storage", "the way out");
  }
  assertEquals(await Deno.readFile(file), before);
  assertEquals(await entries(file), names, "nothing is left beside it");
}

/** The names in a file's folder; SQLite's own beside an open database are no news. */
async function entries(file: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(join(file, ".."))) {
    if (!/-(wal|shm)$/.test(name)) names.push(name);
  }
  return names.sort();
}

Deno.test("a truncated database is refused, wherever it ends, and stays as it is", async () => {
  const { place, file, bytes } = await recorded();
  await using _place = place;
  for (const length of [50, 4096, bytes.length / 2, bytes.length - 100]) {
    await Deno.writeFile(file, bytes.subarray(0, length));
    await assertRefused(place, file, {
      message: /is not a database, or is damaged/,
      commands: READ_AND_RUN,
    });
  }
  await Deno.writeFile(file, bytes);
  assertEquals((await place.dotevals("run", BASIC, "--experiment", "e")).code, 0);
});

Deno.test("a database of a newer dotevals is refused and stays as it is", async () => {
  const { place, file } = await recorded();
  await using _place = place;
  using database = new DatabaseSync(file);
  database.exec("INSERT INTO schema_migrations (version, applied_at) VALUES (99, 0)");
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  await assertRefused(place, file, {
    message: /has schema version 99; this dotevals knows up to \d+/,
    commands: ALL,
  });
});

Deno.test("a file that is no database is refused and stays as it is", async () => {
  const { place, file } = await recorded();
  await using _place = place;
  await Deno.writeTextFile(file, "Dear diary, this is no database. ".repeat(100));
  await assertRefused(place, file, {
    message: /is not a database, or is damaged/,
    commands: READ_AND_RUN,
  });
});

Deno.test("a database of something else is not touched", async () => {
  const { place, file } = await recorded();
  await using _place = place;
  await Deno.remove(file);
  using database = new DatabaseSync(file);
  database.exec("CREATE TABLE items (name TEXT)");
  const before = await Deno.readFile(file);
  const { code, stderr } = await place.dotevals("run", BASIC);
  assertEquals(code, 3);
  assertStringIncludes(stderr, "holds tables of something else");
  assertEquals((await place.dotevals("list")).code, 0);
  assertEquals(await Deno.readFile(file), before);
});

Deno.test({
  name: smallDiskMissing === undefined
    ? "a storage that cannot be written is refused with the way out"
    : `a storage that cannot be written is refused (left out: ${smallDiskMissing})`,
  ignore: smallDiskMissing !== undefined,
  async fn() {
    const { place, bytes } = await recorded();
    await using _place = place;
    await using disk = await smallDisk(1000);
    await Deno.writeFile(join(disk.path, "there.db"), bytes);
    await disk.makeReadOnly();
    for (const name of ["there.db", "new.db", "new/folder.db"]) {
      const storage = join(disk.path, name);
      const { code, stderr } = await place.dotevals("run", BASIC, "--storage", storage);
      assertEquals(code, 3);
      assertStringIncludes(stderr, name);
      assertStringIncludes(stderr, "Make the file and its folder writable, or name another one");
    }
    assertEquals(await Deno.readFile(join(disk.path, "there.db")), bytes);
  },
});
