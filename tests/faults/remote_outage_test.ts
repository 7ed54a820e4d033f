import { assert, assertEquals } from "@std/assert";
import { openStorage } from "../../src/storage/open.ts";
import { readUntil } from "../cli/command.ts";
import { finished } from "../finished.ts";
import { sqldMissing } from "../sqld.ts";
import { EXPERIMENT, pause, remotePlace } from "./remote_place.ts";
import { seeded } from "./seeded.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: sqldMissing !== undefined, fn });
}

/** What the terminal says when the database is away. */
const AWAY = "Results are kept on this machine meanwhile";

/** What it says when the database is back. */
const BACK = "answers again";

test("a run goes on while its database is away, and says so once", async () => {
  const told = Promise.withResolvers<void>();
  await using remote = await remotePlace({
    items: 400,
    hold: { after: 200, until: told.promise },
  });
  const run = remote.start();
  await remote.answers(40, run);
  await remote.server.stop();
  await remote.answers(200, run);
  await readUntil(run.stderr, AWAY);
  assert((await remote.spooled()).some((name) => name.endsWith(".jsonl")));
  told.resolve();
  await remote.answers(400, run);
  await remote.server.start();
  const { code, stderr } = await finished(run);
  assertEquals(code, 0, stderr);
  assert(!stderr.includes(AWAY), `told twice: ${stderr}`);
  assertEquals(stderr.split(BACK).length, 2, stderr);
  assertEquals(remote.asked(), Array(400).fill(1));
  assertEquals(await remote.spooled(), []);
  await remote.assertUndisturbed();
});

test("a run survives that its database is restarted again and again", async () => {
  await using remote = await remotePlace({ items: 400, answerMs: 30 });
  const run = remote.start();
  for (const answers of [30, 90, 150, 210, 270, 330]) {
    await remote.answers(answers, run);
    await remote.server.stop();
    await remote.server.start();
  }
  const { code, stderr } = await finished(run);
  assertEquals(code, 0, stderr);
  assertEquals(remote.asked(), Array(400).fill(1));
  await remote.assertUndisturbed();
});

test("a run survives that its server is killed in the middle of its transactions", async () => {
  await using remote = await remotePlace({ items: 600, answerMs: 20 });
  let restarting = Promise.resolve();
  let [seen, kills] = [0, 0];
  remote.proxy.faults.dropsAnswer = (request) => {
    if (request.includes("INSERT INTO items") && ++seen % 3 === 0) {
      // Before the server has the request, while it works on it, and after it has committed.
      restarting = restarting.then(() => pause(kills++ % 8)).then(async () => {
        await remote.server.stop();
        await remote.server.start();
      });
    }
    return false;
  };
  const { code, stderr } = await remote.run();
  await restarting;
  assertEquals(code, 0, stderr);
  assert(kills >= 8, String(kills));
  assertEquals(remote.asked(), Array(600).fill(1));
  await remote.assertUndisturbed();
});

/** What a run writes, from its first transaction to its last. */
const WRITES = [
  "CREATE TABLE experiments",
  "INSERT INTO leases",
  "INSERT INTO evaluations",
  "INSERT INTO score_metrics",
  "INSERT INTO items",
  "UPDATE passes SET status = ?3",
  "UPDATE sessions SET git_commit",
  "DELETE FROM leases",
];

test("answers that nobody receives double nothing, lock nobody out and start nothing twice", async () => {
  await using remote = await remotePlace({ items: 60 });
  for (const more of [[], ["--fresh"]]) {
    const left = new Set(WRITES);
    remote.proxy.faults.dropsAnswer = (request) => {
      const dropped = [...left].filter((write) => request.includes(write));
      for (const write of dropped) left.delete(write);
      return dropped.length > 0;
    };
    const { code, stderr } = await remote.run(...more);
    assertEquals(code, 0, stderr);
    left.delete("CREATE TABLE experiments");
    left.delete("UPDATE sessions SET git_commit");
    assertEquals([...left], [], "each answer was dropped once");
    await remote.assertUndisturbed();
  }
  assert(remote.proxy.dropped >= 9, String(remote.proxy.dropped));
  assertEquals(remote.asked(), Array(60).fill(2));
  await using storage = await openStorage(remote.server.url, { mode: "read" });
  const [evaluation] = await storage.evaluations(EXPERIMENT);
  assertEquals(evaluation?.generation, 2);
});

for (const seed of [1, 2, 3]) {
  test(`a run survives connections that are reset at random (seed ${seed})`, async () => {
    await using remote = await remotePlace({ items: 200, random: seeded(seed), resets: 0.08 });
    const { code, stderr } = await remote.run();
    assertEquals(code, 0, stderr);
    assert(remote.proxy.reset > 0);
    assertEquals(remote.asked(), Array(200).fill(1));
    remote.proxy.faults.resets = 0;
    await remote.assertUndisturbed();
  });
}
