import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path/join";
import { exactMatch, foreach, result, run } from "../../mod.ts";
import { DotevalsError } from "../../src/errors.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { openStorage, type OpenStorageOptions } from "../../src/storage/open.ts";
import { Spool } from "../../src/storage/spool.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { workplace } from "../cli/command.ts";
import { sqldMissing, startSqld } from "../sqld.ts";
import { startProxy } from "./proxy.ts";
import { smallDisk, smallDiskMissing } from "./small_disk.ts";
import { EXPERIMENT, pause, remotePlace } from "./remote_place.ts";
import { filesIn, positionsAt, positionsIn, storedRemotely } from "./stored_remotely.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: sqldMissing !== undefined, fn });
}

test("what was only in the spool when a run was killed is delivered, and not asked again", async () => {
  const killed = Promise.withResolvers<void>();
  await using remote = await remotePlace({
    items: 200,
    hold: { after: 150, until: killed.promise },
  });
  const spool = join(remote.place.folder, ".dotevals", "spool");
  const first = remote.start();
  await remote.answers(20, first);
  remote.proxy.stop();
  const kept = () => storedRemotely(remote.server.url, spool);
  while ((await kept()).size < 150) await pause(10);
  first.kill("SIGKILL");
  await first.output();
  assert((await positionsAt(remote.server.url)).length < 150);
  killed.resolve();
  remote.proxy.start();
  const recorded = await kept();
  const { code, stderr } = await remote.run();
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "of an earlier session delivered");
  for (const [n, times] of remote.asked().entries()) {
    assert(times === 1 || times === 2 && !recorded.has(n), `item ${n} was asked ${times} times`);
  }
  assertEquals(await remote.spooled(), []);
  await remote.assertUndisturbed();
});

/** A server behind a proxy, an evaluation that counts its calls, and a folder for the spool. */
async function countedPlace(items: number, text = "") {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startSqld());
  const proxy = opened.use(startProxy(server.url));
  const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
  opened.defer(() => Deno.remove(folder, { recursive: true }));
  const calls: number[] = [];
  const messages: string[] = [];
  let onCall = (_calls: number) => {};
  const counted = foreach(
    "n",
    Array.from({ length: items }, (_, n) => n),
    { name: "counted", concurrency: 4 },
    async ({ n }) => {
      onCall(calls.push(n));
      await pause(1);
      return result({ scores: exactMatch(n, n), response: text });
    },
  );
  const open = (options: Partial<OpenStorageOptions> = {}, url = proxy.url) =>
    openStorage(url, { mode: "write", spool: folder, patienceMs: 300, ...options });
  const onEvent = (event: RunEvent) => {
    if (event.type === "message") messages.push(event.text);
  };
  const kept = opened.move();
  return {
    proxy,
    folder,
    calls,
    messages,
    open,
    whenCalled(callback: (calls: number) => void) {
      onCall = callback;
    },
    run: (storage: Storage) => run(counted, { storage, experiment: EXPERIMENT, onEvent }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

test("a run whose database does not come back ends, and says where its results are", async () => {
  await using place = await countedPlace(100);
  place.whenCalled((calls) => calls === 50 && place.proxy.stop());
  {
    await using storage = await place.open();
    const error = await assertRejects(() => place.run(storage), DotevalsError);
    assertEquals([error.code, error.exitCode], ["results-spooled", 3]);
    const [file] = await filesIn(place.folder);
    assert(file !== undefined);
    assertStringIncludes(error.message, join(place.folder, file));
    assertMatch(error.message, /^\d+ results could not be delivered to http:/);
    assertStringIncludes(error.hint ?? "", "run the same command again");
  }
  place.proxy.start();
  await using storage = await place.open();
  await using results = await place.run(storage);
  assertEquals(results.summary().total, 100);
  assertEquals(place.calls.length, 100);
  assertEquals(await filesIn(place.folder), []);
});

test("an experiment is not renamed while results wait to be delivered under its name", async () => {
  await using place = await countedPlace(60);
  place.whenCalled((calls) => calls === 30 && place.proxy.stop());
  {
    await using storage = await place.open();
    await assertRejects(() => place.run(storage), DotevalsError);
  }
  place.proxy.start();
  // As the command opens it for this.
  await using storage = await place.open({ mode: "read" });
  const error = await assertRejects(() => storage.rename(EXPERIMENT, "other"), DotevalsError);
  assertEquals([error.code, error.exitCode], ["results-waiting", 3]);
  assertMatch(error.message, /^\d+ results of "e" wait in /);
  {
    await using _results = await place.run(storage);
  }
  await storage.rename(EXPERIMENT, "other");
  assertEquals((await storage.experiment("other"))?.completed, 60);
  assertEquals(place.calls.length, 60);
});

test("a spool that is deleted while the database is away is put back", async () => {
  await using place = await countedPlace(60);
  place.whenCalled((calls) => {
    if (calls === 20) place.proxy.stop();
    if (calls === 60) Deno.removeSync(place.folder, { recursive: true });
  });
  {
    await using storage = await place.open();
    const error = await assertRejects(() => place.run(storage), DotevalsError);
    assertEquals(error.code, "results-spooled");
  }
  place.proxy.start();
  await using storage = await place.open();
  await using results = await place.run(storage);
  assertEquals(results.summary().total, 60);
  assertEquals(place.calls.length, 60);
});

test("evaluations that go to another folder do not take the spool with them", async () => {
  await using server = await startSqld();
  await using proxy = startProxy(server.url);
  await using place = await workplace({ DOTEVALS_STORAGE: proxy.url });
  await place.write("sub/data.txt", "");
  await place.write(
    "moving.eval.ts",
    `import { exactMatch, foreach } from "${import.meta.resolve("../../mod.ts")}";
    Deno.chdir("sub");
    export const moving = foreach("n", [1, 2], ({ n }) => exactMatch(n, n));`,
  );
  const away = Promise.withResolvers<void>();
  proxy.faults.dropsAnswer = (request) => {
    if (!request.includes("INSERT INTO items")) return false;
    proxy.stop();
    away.resolve();
    return true;
  };
  const run = place.start(["run", "moving.eval.ts", "--experiment", EXPERIMENT]);
  await away.promise;
  run.kill("SIGKILL");
  await run.output();
  const waiting = await positionsIn(join(place.folder, ".dotevals", "spool"));
  assertEquals([...waiting].sort(), [0, 1]);
});

Deno.test({
  name: "a spool that finds no room leaves nothing behind",
  ignore: smallDiskMissing !== undefined,
  async fn() {
    await using disk = await smallDisk(8);
    await Deno.writeFile(join(disk.path, "other"), new Uint8Array(8_192)).catch(() => {});
    const header = { experiment: EXPERIMENT, location: "libsql://host" };
    const error = await assertRejects(() => Spool.open(disk.path, header), DotevalsError);
    assertEquals([error.code, error.exitCode], ["storage-full", 3]);
    assertEquals(await filesIn(disk.path), ["other"]);
  },
});

test("a spool that is full holds the lanes, then stops the session and keeps all that was done", async () => {
  await using place = await countedPlace(200, "x".repeat(1_000));
  place.whenCalled((calls) => calls === 20 && place.proxy.stop());
  {
    await using storage = await place.open({ spoolBytes: 40_000 });
    const error = await assertRejects(() => place.run(storage), DotevalsError);
    assertEquals(error.code, "results-spooled");
  }
  assert(
    place.messages.some((text) => text.includes("Nothing more is started")),
    place.messages.join(),
  );
  assert(place.calls.length < 150, `${place.calls.length} items were run`);
  place.proxy.start();
  await using storage = await place.open();
  await using results = await place.run(storage);
  assertEquals(results.summary().total, 200);
  assertEquals(place.calls.length, 200);
  assertEquals(results.evaluations[0]?.end, "complete");
});

test("a spool holds no secret of the storage's address", async () => {
  await using place = await countedPlace(20);
  const { host } = new URL(place.proxy.url);
  place.whenCalled((calls) => calls === 10 && place.proxy.stop());
  await using storage = await place.open(
    { authToken: "s3cret" },
    `http://me:pass-word@${host}/?authToken=t0ken`,
  );
  await assertRejects(() => place.run(storage), DotevalsError);
  const [file = ""] = await filesIn(place.folder);
  const text = await Deno.readTextFile(join(place.folder, file));
  assertStringIncludes(text, host);
  for (const secret of ["s3cret", "pass-word", "t0ken"]) assert(!text.includes(secret), secret);
});

test("results of an experiment that was deleted meanwhile are set aside, not mixed in", async () => {
  await using place = await countedPlace(30);
  place.whenCalled((calls) => calls === 10 && place.proxy.stop());
  {
    await using storage = await place.open();
    await assertRejects(() => place.run(storage), DotevalsError);
  }
  place.proxy.start();
  await using storage = await place.open();
  await storage.delete(EXPERIMENT);
  await using results = await place.run(storage);
  assertEquals(results.summary().total, 30);
  assertEquals(place.calls.length, 60);
  const [aside, ...others] = await filesIn(place.folder);
  assert(aside?.endsWith(".set-aside"));
  assertEquals(others, []);
  assert(place.messages.some((text) => text.includes("kept back")), place.messages.join());
});

test("a result that is too large for a server is an error of its item, and no other's", async () => {
  await using place = await countedPlace(0);
  const sizes = foreach(
    "n",
    [0, 1, 2, 3, 4, 5],
    ({ n }) => {
      const response = "x".repeat(n === 3 ? 6_000_000 : 1_000);
      return result({ scores: exactMatch(n, n), response });
    },
  );
  await using storage = await place.open();
  await using results = await run(sizes, { storage, experiment: EXPERIMENT });
  assertEquals([results.summary().total, results.summary().errors], [6, 1]);
  const [record, ...others] = await Array.fromAsync(results.records({ errorsOnly: true }));
  assertEquals(others, []);
  assertEquals(record?.position, 3);
  assertStringIncludes(record?.error?.message ?? "", "too large to be stored");
  assertStringIncludes(record?.error?.message ?? "", "6,000,0");
});
