/**
 * A run whose database another process locks.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { DatabaseSync } from "node:sqlite";
import { fixturePath, shown, workplace } from "../cli/command.ts";
import { followSession } from "./followed_session.ts";
import { startModelServer } from "./model_server.ts";

const ITEMS = 300;
const ARGS = [fixturePath("asking"), "--experiment", "e", "--model", "openai:m"];

/** Runs while this process locks the database for some time, first in the middle, then at the start. */
export async function runWhileLocked(milliseconds: number): Promise<void> {
  await using model = startModelServer({
    wait: () => new Promise((resolve) => setTimeout(resolve, 10)),
  });
  const env = { ITEMS: String(ITEMS), OPENAI_BASE_URL: model.url };
  await using place = await workplace(env);
  const file = join(place.folder, ".dotevals", "dotevals.db");

  const session = followSession(place, [...ARGS, "--concurrency", "4", "--samples", "200"], {});
  const some = Promise.withResolvers<void>();
  session.onCommit = () => {
    if (session.commits === 3) some.resolve();
  };
  await some.promise;
  const before = await locked(file, milliseconds, () => session.committed.size);
  const { code, stderr } = await session.ended();
  assertEquals(code, 0, stderr);
  assert(before < 200, `the lock came too late: ${before} items were committed`);

  const rest = followSession(place, ARGS, {});
  const atStart = await locked(file, milliseconds, () => rest.committed.size);
  assertEquals(atStart, 0);
  assertEquals((await rest.ended()).code, 0);

  assertEquals(model.calls.length, ITEMS, "each item was asked about once");
  await using undisturbed = await workplace(env);
  await undisturbed.dotevals("run", ...ARGS);
  assertEquals(await shown(place, "e"), await shown(undisturbed, "e"));
}

/** Locks a database as another program may; says what `count` was when it let go. */
async function locked(
  file: string,
  milliseconds: number,
  count: () => number,
): Promise<number> {
  using database = new DatabaseSync(file);
  database.exec("PRAGMA busy_timeout = 10000");
  database.exec("BEGIN IMMEDIATE");
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const counted = count();
  database.exec("ROLLBACK");
  return counted;
}
