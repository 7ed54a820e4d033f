import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { systemClock } from "../clock.ts";
import { Database } from "./database.ts";
import { openFileExecutor } from "./file_executor.ts";
import { readDistributions } from "./libsql_distributions.ts";
import { LibsqlStorage } from "./libsql_storage.ts";
import { migrate } from "./migrate.ts";
import { record, start } from "./testing/samples.ts";

Deno.test("of very many scores that no session has summed up, readDistributions() gives what one pass does", async () => {
  const folder = await Deno.makeTempDir();
  const database = new Database(await openFileExecutor(join(folder, "x.db")), "x.db");
  await migrate(database, { create: true });
  await using storage = new LibsqlStorage(database, { clock: systemClock, commitSize: 10 });
  {
    await using started = await start(storage);
    const { session, evaluation: { id } } = started;
    const scores = [0.5, 0.25, "label", true].map((value) => ({
      name: "x",
      value,
      metadata: undefined,
    }));
    await session.commit(scores.map((score, n) => record(id, n, { scores: [score] })));
    const whole = (await readDistributions(database, id)).get("x");
    assertEquals([whole?.labels.length, whole?.lowest.length], [1, 2]);
    const short = (await readDistributions(database, id, { mostAtOnce: 3 })).get("x");
    assert(whole?.numbers && short);
    assertEquals(short, {
      ...whole,
      numbers: { ...whole.numbers, bins: [] },
      labels: [],
      lowest: [],
    });
  }
  await Deno.remove(folder, { recursive: true });
});
