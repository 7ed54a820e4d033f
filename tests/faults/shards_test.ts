import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openStorage } from "../../src/storage/open.ts";
import { allKeys, definition, HOLDER, record, records } from "../../src/storage/testing/samples.ts";
import { finished, fixturePath, shown, workplace } from "../cli/command.ts";
import { sqldMissing, startSqld } from "../sqld.ts";
import { startModelServer } from "./model_server.ts";
import { startProxy } from "./proxy.ts";
import { runShards, slowModel } from "./shards.ts";
import { filesIn } from "./stored_remotely.ts";

Deno.test({
  name: "four shards in folders of their own fill one remote database, one of them killed",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using server = await startSqld();
    await using model = slowModel();
    await using opened = new AsyncDisposableStack();
    const places = [];
    for (let n = 0; n < 4; n++) {
      places.push(opened.use(await workplace({ DOTEVALS_STORAGE: server.url })));
    }
    await runShards({ places, url: server.url, model });
  },
});

Deno.test("four shards fill one file, one of them killed", async () => {
  await using model = slowModel();
  await using place = await workplace();
  await runShards({ places: [place, place, place, place], url: undefined, model });
});

Deno.test("a shard refuses its own again, another number of shards, and the whole", async () => {
  const [some, refused] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await using model = startModelServer({
    wait(_prompt, number) {
      if (number === 4) some.resolve();
      return refused.promise;
    },
  });
  await using place = await workplace({ ITEMS: "40", OPENAI_BASE_URL: model.url });
  const args = ["run", fixturePath("asking"), "--experiment", "e", "--model", "openai:m"];
  const first = place.start([...args, "--shard", "2/4", "--concurrency", "4"]);
  await some.promise;
  const holder = new RegExp(
    `process ${first.pid} on ${Deno.hostname()} writes to shard 2/4 of it ` +
      `\\(last heartbeat \\d+ s ago\\)`,
  );
  for (
    const [shard, said] of [
      [["--shard", "2/4"], "is in use"],
      [["--shard", "1/3"], "is run in 4 shards, and not in 3 shards"],
      [[], "is run in 4 shards, and not as a whole"],
    ] as const
  ) {
    const { code, stderr } = await place.dotevals(...args, ...shard);
    assertEquals(code, 3, stderr);
    assertStringIncludes(stderr, said);
    assertMatch(stderr, holder);
  }
  const calls = model.calls.length;
  refused.resolve();
  const { code, stderr } = await finished(first);
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /asking \[.*\]: (\d+)\/\1 items, .* done/);
  assertMatch(stderr, /This shard: (\d+) of \1 items are recorded; all shards: \1 of 40\./);
  assertEquals(calls, 4, "nothing was asked by those that were refused");
  // What is left, in another number of shards.
  for (const shard of ["1/3", "2/3", "3/3"]) {
    const { code, stderr } = await place.dotevals(...args, "--shard", shard);
    assertEquals(code, 0, stderr);
  }
  assertEquals(model.calls.length, 40);
  await using undisturbed = await workplace({ ITEMS: "40", OPENAI_BASE_URL: model.url });
  await undisturbed.dotevals(...args);
  assertEquals(await shown(place, "e"), await shown(undisturbed, "e"));
});

Deno.test("a shard that is none, or is to start anew by itself, is refused with what to do", async () => {
  await using place = await workplace({ ITEMS: "4" });
  const args = ["run", fixturePath("asking"), "--experiment", "e", "--model", "echo:"];
  const wrong = await place.dotevals(...args, "--shard", "5/4");
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.stderr, 'error: --shard is "5/4".\nWrite --shard 2/4');
  const fresh = await place.dotevals(...args, "--shard", "1/4", "--fresh");
  assertEquals(fresh.code, 2);
  assertStringIncludes(fresh.stderr, "A shard cannot start anew by itself.");
  assertStringIncludes(fresh.stderr, "name another --experiment for all shards");
});

Deno.test({
  name:
    "what a dead shard left on a machine is delivered before any shard there looks what is left",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using server = await startSqld();
    await using proxy = startProxy(server.url);
    await using place = await workplace();
    const notices: string[] = [];
    const onNotice = ({ text }: { readonly text: string }) => {
      if (text.includes("earlier")) notices.push(text);
    };
    const connect = () =>
      openStorage(proxy.url, { mode: "write", spool: place.folder, patienceMs: 1_000 });
    {
      await using storage = await connect();
      await using dead = await storage.begin("trial", HOLDER, { shard: { index: 2, count: 2 } });
      const evaluation = await dead.evaluation(definition());
      proxy.stop();
      await dead.commit(records(evaluation, 5_000));
    }
    assertEquals((await filesIn(place.folder)).length, 1);
    proxy.start();
    proxy.faults.delayMs = 50;
    await using storage = await connect();
    await using other = await connect();
    const counted = await Promise.all([storage, other].map(async (each, n) => {
      const shard = { index: n + 1, count: 2 };
      await using session = await each.begin("trial", HOLDER, { shard, onNotice });
      const evaluation = await session.evaluation(definition());
      const keys = await allKeys(session, evaluation);
      await session.commit([record(evaluation, 5_000 + n)]);
      await session.settle();
      return keys.filter(({ failed }) => !failed).length;
    }));
    assertEquals(counted.map((count) => count >= 5_000), [true, true], String(counted));
    assertEquals(notices, ["5000 results of an earlier session delivered."]);
    assertEquals((await storage.experiment("trial"))?.completed, 5_002);
    assertEquals(await filesIn(place.folder), []);
  },
});
