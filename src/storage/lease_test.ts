import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { join } from "@std/path/join";
import { TextLineStream } from "@std/streams/text-line-stream";
import { sqldMissing, startSqld } from "../../tests/sqld.ts";
import { type Clock, systemClock } from "../clock.ts";
import { DotevalsError } from "../errors.ts";
import { openFileExecutor } from "./file_executor.ts";
import { openStorage } from "./open.ts";
import { openRemoteExecutor } from "./remote_executor.ts";
import { rowsOf, type SqlExecutor, type SqlRow } from "./sql.ts";
import { definition, HOLDER, now, record, start } from "./testing/samples.ts";

const HOLDER_PROGRAM = fromFileUrl(new URL("./testing/hold_experiment.ts", import.meta.url));

/** Another process that holds the experiment "trial", or a shard of it, with one result in it. */
async function holdElsewhere(
  location: string,
  { index, count } = { index: 1, count: 1 },
): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", HOLDER_PROGRAM, location, String(index), String(count)],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(
    new TextLineStream(),
  ).getReader();
  assertEquals((await lines.read()).value, "holding");
  await lines.cancel();
  return child;
}

async function kill(child: Deno.ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await child.status;
}

/** Each kind of libSQL storage, at an empty place. */
const PLACES = [
  {
    name: "a file",
    ignore: false,
    async open() {
      const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
      const path = join(folder, "x.db");
      return {
        location: `file:${path}`,
        execute: () => openFileExecutor(path),
        [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
      };
    },
  },
  {
    name: "a server",
    ignore: sqldMissing !== undefined,
    async open() {
      const server = await startSqld();
      return {
        location: server.url,
        execute: () => Promise.resolve(openRemoteExecutor({ url: server.url, clock: systemClock })),
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
  },
];

/** Runs one statement past the storage; returns the rows that it gave. */
async function execute(
  place: { execute(): Promise<SqlExecutor> },
  sql: string,
): Promise<readonly SqlRow[]> {
  const executor = await place.execute();
  const results = await executor.run([{ sql }], "write");
  await executor.close();
  return rowsOf(results, 0);
}

for (const { name, ignore, open } of PLACES) {
  Deno.test({
    name: `an experiment in ${name} is free at once when the process that held it is dead`,
    ignore: ignore || Deno.build.os !== "linux",
    async fn() {
      await using place = await open();
      const child = await holdElsewhere(place.location);
      await using storage = await openStorage(place.location, { mode: "write", spool: false });
      try {
        assertEquals((await storage.experiment("trial"))?.status, "running");
        assertEquals((await now(storage)).status, "running");
        for (
          const attempt of [
            () => storage.begin("trial", HOLDER),
            () => storage.rename("trial", "other"),
            () => storage.delete("trial"),
          ]
        ) {
          const error = await assertRejects(attempt, DotevalsError);
          assertEquals(error.code, "experiment-locked");
          assertMatch(error.message, new RegExp(`process ${child.pid} on `));
        }
      } finally {
        await kill(child);
      }
      assertEquals((await storage.experiment("trial"))?.status, "incomplete");
      assertEquals((await now(storage)).status, "incomplete");
      {
        await using started = await start(storage);
        assertEquals(started.evaluation.completed, 1);
      }
      await storage.rename("trial", "other");
      await storage.delete("other");
      assertEquals(await storage.experiments(), []);
    },
  });

  Deno.test({
    name: `shards in ${name} whose processes are dead are in the way of no other division`,
    ignore: ignore || Deno.build.os !== "linux",
    async fn() {
      await using place = await open();
      const shards = [1, 2].map((index) => ({ index, count: 4 }));
      const children: Deno.ChildProcess[] = [];
      await using storage = await openStorage(place.location, { mode: "write", spool: false });
      try {
        for (const shard of shards) children.push(await holdElsewhere(place.location, shard));
        const [first] = children.splice(0, 1);
        if (first) await kill(first);
        // The one that lives is in the way, and the one that died is not.
        const error = await assertRejects(() => storage.begin("trial", HOLDER), DotevalsError);
        assertMatch(error.message, new RegExp(`process ${children[0]?.pid} on .* shard 2/4`));
        await using same = await storage.begin("trial", HOLDER, { shard: { index: 1, count: 4 } });
        assert(same.id > 2);
      } finally {
        for (const child of children) await kill(child);
      }
      assertEquals((await now(storage)).status, "incomplete");
      await using whole = await start(storage);
      assertEquals(whole.evaluation.completed, 2);
      await whole.session.close();
      assertEquals(await execute(place, "SELECT shard FROM leases"), []);
    },
  });

  Deno.test({
    name: `an experiment in ${name} can be renamed and deleted when all its shards are dead`,
    ignore: ignore || Deno.build.os !== "linux",
    async fn() {
      await using place = await open();
      const child = await holdElsewhere(place.location, { index: 3, count: 3 });
      await using storage = await openStorage(place.location, { mode: "write", spool: false });
      try {
        await execute(place, "UPDATE leases SET expires_at = expires_at + 60000");
        await assertRejects(() => storage.rename("trial", "other"), DotevalsError, "shard 3/3");
      } finally {
        await kill(child);
      }
      await storage.rename("trial", "other");
      await storage.delete("other");
      assertEquals(await storage.experiments(), []);
    },
  });

  Deno.test({
    name: `a lease in ${name} that ran out is taken over, and its holder writes nothing more`,
    // In a file the operating system's lock outlasts every lease.
    ignore: ignore || name === "a file",
    async fn() {
      await using place = await open();
      await using first = await openStorage(place.location, { mode: "write", spool: false });
      await using second = await openStorage(place.location, { mode: "write", spool: false });
      const held = await start(first);
      await execute(place, "UPDATE leases SET expires_at = 0");
      assertEquals((await second.experiment("trial"))?.status, "incomplete");
      await using taken = await start(second);
      const late = () => held.session.commit([record(held.evaluation, 0)]);
      assertEquals((await assertRejects(late, DotevalsError)).code, "lease-lost");
      await taken.session.commit([record(taken.evaluation, 1)]);
      await held.session.close();
      assertEquals((await second.experiment("trial"))?.status, "running");
      await taken.session.commit([record(taken.evaluation, 2)]);
      assertEquals((await now(first)).completed, 2);
    },
  });

  Deno.test({
    name: `a session in ${name} notes the commit of the user's repository`,
    ignore,
    async fn() {
      await using place = await open();
      await using storage = await openStorage(place.location, { mode: "write", spool: false });
      await using started = await start(storage);
      await started.session.setGit("c0ffee", true);
      const noted = await execute(place, "SELECT git_commit, git_dirty FROM sessions");
      assertEquals(noted, [["c0ffee", 1]]);
    },
  });
}

Deno.test("an experiment in a file stays locked, however old its lease is", async () => {
  const [fileKind] = PLACES;
  assert(fileKind !== undefined);
  await using place = await fileKind.open();
  await using first = await openStorage(place.location, { mode: "write", spool: false });
  await using second = await openStorage(place.location, { mode: "write", spool: false });
  await using held = await start(first);
  await execute(place, "UPDATE leases SET expires_at = 0");
  const error = await assertRejects(() => start(second), DotevalsError);
  assertEquals(error.code, "experiment-locked");
  await held.session.commit([record(held.evaluation, 0)]);
});

Deno.test({
  name: "a shard in a server whose lease ran out writes nothing more once others divide it anew",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using server = await startSqld();
    await using first = await openStorage(server.url, { mode: "write", spool: false });
    await using second = await openStorage(server.url, { mode: "write", spool: false });
    const place = {
      execute: () => Promise.resolve(openRemoteExecutor({ url: server.url, clock: systemClock })),
    };
    const session = await first.begin("trial", HOLDER, { shard: { index: 1, count: 3 } });
    const evaluation = await session.evaluation(definition());
    await execute(place, "UPDATE leases SET expires_at = 0");
    await using half = await second.begin("trial", HOLDER, { shard: { index: 2, count: 2 } });
    const late = () => session.commit([record(evaluation, 0)]);
    const error = await assertRejects(late, DotevalsError);
    assertEquals(error.code, "lease-lost");
    assertMatch(error.message, /holds shard 1\/3 of .* writes to shard 2\/2 of it/);
    await half.evaluation(definition());
    await half.commit([record(evaluation, 1)]);
    await session.close();
    assertEquals((await now(second)).status, "running");
  },
});

Deno.test("a session that writes nothing gives signs of life", async () => {
  const beats: (() => void)[] = [];
  const clock: Clock = {
    ...systemClock,
    after(_milliseconds, callback) {
      beats.push(callback);
      return () => beats.splice(beats.indexOf(callback), 1);
    },
  };
  const [fileKind] = PLACES;
  assert(fileKind !== undefined);
  await using place = await fileKind.open();
  await using storage = await openStorage(place.location, { mode: "write", clock });
  const { session } = await start(storage);
  await execute(place, "UPDATE leases SET heartbeat_at = 0, expires_at = 0");
  assertEquals((await storage.experiment("trial"))?.status, "incomplete");
  const [beat] = beats.splice(0);
  await beat?.();
  assertEquals((await storage.experiment("trial"))?.status, "running");
  assertEquals(beats.length, 1);
  await session.close();
  assertEquals(beats.length, 0);
});
