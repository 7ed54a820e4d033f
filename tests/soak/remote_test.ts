import { assert, assertEquals } from "@std/assert";
import { killRounds } from "../faults/kill_rounds.ts";
import { pause, remotePlace } from "../faults/remote_place.ts";
import { seeded } from "../faults/seeded.ts";
import { finished } from "../finished.ts";
import { sqldMissing } from "../sqld.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: sqldMissing !== undefined, fn });
}

test("a run survives that its database is away for 20 s", async () => {
  await using remote = await remotePlace({ items: 4_000, answerMs: 50 });
  const run = remote.start();
  await remote.answers(300, run);
  await remote.server.stop();
  await pause(20_000);
  await remote.server.start();
  const { code, stderr } = await finished(run);
  assertEquals(code, 0, stderr);
  assertEquals(remote.asked(), Array(4_000).fill(1));
  assertEquals(await remote.spooled(), []);
  await remote.assertUndisturbed();
});

test("a run that has ended waits 20 s for its database", async () => {
  await using remote = await remotePlace({ items: 400 });
  const run = remote.start();
  await remote.answers(300, run);
  await remote.server.stop();
  await remote.answers(400, run);
  await pause(20_000);
  await remote.server.start();
  const { code, stderr } = await finished(run);
  assertEquals(code, 0, stderr);
  await remote.assertUndisturbed();
});

test("a run survives a server that is stopped while it holds connections", async () => {
  await using remote = await remotePlace({ items: 4_000, answerMs: 50 });
  const run = remote.start();
  await remote.answers(300, run);
  remote.server.signal("SIGSTOP");
  await pause(25_000);
  remote.server.signal("SIGCONT");
  const { code, stderr } = await finished(run);
  assertEquals(code, 0, stderr);
  assertEquals(remote.asked(), Array(4_000).fill(1));
  await remote.assertUndisturbed();
});

test("100 runs survive connections that are reset at random", async () => {
  let resets = 0;
  for (let seed = 1; seed <= 100; seed++) {
    await using remote = await remotePlace({
      items: 150,
      random: seeded(seed),
      resets: 0.02 + 0.13 * seeded(seed)(),
    });
    const { code, stderr } = await remote.run();
    assertEquals(code, 0, `seed ${seed}: ${stderr}`);
    assertEquals(remote.asked(), Array(150).fill(1), `seed ${seed}`);
    resets += remote.proxy.reset;
    remote.proxy.faults.resets = 0;
    await remote.assertUndisturbed();
  }
  // deno-lint-ignore no-console -- the figure is what this test is for
  console.log(`${resets} connections were reset`);
});

test("2,000 items killed at 100 moments are each recorded once in a remote database", async () => {
  const figures = await killRounds({ items: 2000, kills: 100, seed: 4, remote: true });
  // deno-lint-ignore no-console -- the figures are what this test is for
  console.log(JSON.stringify(figures));
  assert(figures.withinCommit >= 20, JSON.stringify(figures));
});
