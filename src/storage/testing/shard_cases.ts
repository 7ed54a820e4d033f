/**
 * Cases about sessions that run the shards of one experiment at the same time.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { DotevalsError } from "../../errors.ts";
import type { Shard, Storage, StorageSession } from "../storage.ts";
import type { StoredEvaluation } from "../stored_evaluation.ts";
import type { StorageCase } from "./storage_case.ts";
import { definition, failure, HOLDER, now, record, start } from "./samples.ts";

interface ShardUnderTest extends AsyncDisposable {
  readonly session: StorageSession;
  readonly evaluation: StoredEvaluation;
}

/** Begins a session on a shard of the experiment "trial", and its one evaluation. */
async function startShard(storage: Storage, shard: Shard): Promise<ShardUnderTest> {
  const session = await storage.begin("trial", HOLDER, { shard });
  const evaluation = await session.evaluation(definition());
  return { session, evaluation, [Symbol.asyncDispose]: () => session.close() };
}

/** The error that a session is refused with. */
async function refusal(storage: Storage, shard?: Shard): Promise<DotevalsError> {
  const error = await assertRejects(() => storage.begin("trial", HOLDER, { shard }), DotevalsError);
  assertEquals(error.exitCode, 3);
  assertMatch(error.message, new RegExp(`process ${HOLDER.pid} on ${HOLDER.host}`));
  assertMatch(error.message, /heartbeat \d+ s ago/);
  return error;
}

/** What a storage must do with shards. */
export const shardCases: readonly StorageCase[] = [
  {
    name: "lets the shards of an experiment be written at once, each by one session",
    async run({ storage, connect }) {
      await using other = await connect();
      await using first = await startShard(storage, { index: 1, count: 3 });
      await using second = await startShard(other, { index: 2, count: 3 });
      await using third = await startShard(storage, { index: 3, count: 3 });
      for (const place of [storage, other]) {
        const error = await refusal(place, { index: 2, count: 3 });
        assertEquals(error.code, "experiment-locked");
        assertMatch(error.message, /writes to shard 2\/3 of it/);
      }
      const shards = [first, second, third];
      assertEquals(new Set(shards.map(({ evaluation }) => evaluation.id)).size, 1);
      await Promise.all(shards.map(async ({ session, evaluation }, n) => {
        for (let at = 0; at < 5; at++) await session.commit([record(evaluation, n + 3 * at)]);
      }));
      assertEquals((await now(storage)).completed, 15);
      await second.session.close();
      await using again = await startShard(storage, { index: 2, count: 3 });
      assertEquals(again.evaluation.completed, 15);
    },
  },
  {
    name: "refuses another number of shards than is run, until all of these have ended",
    async run({ storage, connect }) {
      await using other = await connect();
      await using first = await startShard(storage, { index: 1, count: 4 });
      await using second = await startShard(other, { index: 2, count: 4 });
      await first.session.commit([record(first.evaluation, 0)]);
      const unequal = await refusal(other, { index: 3, count: 14 });
      assertEquals(unequal.code, "unequal-shards");
      assertMatch(unequal.message, /is run in 4 shards, and not in 14 shards/);
      assertMatch(unequal.hint ?? "", /shard of 4/);
      const whole = await refusal(other);
      assertEquals(whole.code, "unequal-shards");
      assertMatch(whole.message, /is run in 4 shards, and not as a whole/);
      await first.session.close();
      assertMatch((await refusal(storage)).message, /writes to shard 2\/4 of it/);
      await second.session.close();
      {
        await using all = await start(storage);
        assertEquals(all.evaluation.completed, 1);
        const shard = await refusal(other, { index: 1, count: 2 });
        assertEquals(shard.code, "unequal-shards");
        assertMatch(shard.message, /is run as a whole, and not in 2 shards/);
      }
      await using half = await startShard(other, { index: 1, count: 2 });
      assertEquals(half.evaluation.completed, 1);
    },
  },
  {
    name: "lets sessions of one number of shards begin at the same time, each shard once",
    async run({ storage, connect }) {
      await using other = await connect();
      const wanted = [1, 2, 3, 2, 1].flatMap((count) =>
        Array.from({ length: count }, (_, n) => ({ index: n + 1, count }))
      );
      const settled = await Promise.allSettled(wanted.map(async (shard, n) => {
        const session = await (n % 2 === 0 ? storage : other).begin("race", HOLDER, { shard });
        return { session, shard };
      }));
      const begun = settled.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
      await Promise.all(begun.map(({ session }) => session.close()));
      assert(begun.length > 0);
      assertEquals(new Set(begun.map(({ shard }) => shard.count)).size, 1);
      assertEquals(new Set(begun.map(({ shard }) => shard.index)).size, begun.length);
      for (const each of settled) {
        if (each.status === "rejected") assertEquals(each.reason.exitCode, 3);
      }
    },
  },
  {
    name: "neither renames nor deletes an experiment while a shard of it is written",
    async run({ storage, connect }) {
      await using other = await connect();
      await using shard = await startShard(storage, { index: 2, count: 2 });
      for (const change of [() => other.rename("trial", "new"), () => other.delete("trial")]) {
        const error = await assertRejects(change, DotevalsError);
        assertEquals(error.code, "experiment-locked");
        assertMatch(error.message, /process \d+ on workbench writes to shard 2\/2 of it/);
      }
      await shard.session.close();
      await other.rename("trial", "new");
      await other.delete("new");
      assertEquals(await storage.experiments(), []);
    },
  },
  {
    name: "calls an evaluation running while a shard is, and complete when all shards are",
    async run({ storage, connect }) {
      await using other = await connect();
      await using first = await startShard(storage, { index: 1, count: 2 });
      await using second = await startShard(other, { index: 2, count: 2 });
      const { id } = first.evaluation;
      async function standing(): Promise<readonly unknown[]> {
        const { status, items } = await now(storage);
        return [status, items];
      }
      await second.session.finish(id, "complete", 20);
      assertEquals(await standing(), ["running", 20]);
      await first.session.finish(id, "incomplete", 7);
      assertEquals(await standing(), ["incomplete", 20]);
      await second.session.close();
      await first.session.finish(id, "complete", 20);
      assertEquals(await standing(), ["complete", 20]);
      assertEquals((await storage.experiment("trial"))?.status, "running");
      await first.session.close();
      assertEquals((await storage.experiment("trial"))?.status, "complete");
      // A pass over more rows is one that the other shard has not made yet.
      await using longer = await startShard(other, { index: 1, count: 2 });
      assertEquals((await now(storage)).status, "running");
      await longer.session.finish(id, "complete", 30);
      assertEquals(await standing(), ["incomplete", 30]);
      await longer.session.close();
      await using whole = await start(storage);
      await whole.session.finish(id, "complete", 30);
      assertEquals(await standing(), ["complete", 30]);
    },
  },
  {
    name: "keeps the definition that one shard works under from those of others",
    async run({ storage }) {
      const changed = { code: "other", model: "", major: "0", version: "2" };
      await using first = await startShard(storage, { index: 1, count: 2 });
      await using second = await startShard(storage, { index: 2, count: 2 });
      const { fingerprint } = await second.session.evaluation(definition({ fingerprint: changed }));
      assertEquals(fingerprint, definition().fingerprint);
      await first.session.close();
      const alone = await second.session.evaluation(definition({ fingerprint: changed }));
      assertEquals(alone.fingerprint, changed, "nothing is recorded, and nobody is at work");
    },
  },
  {
    name: "puts a result in the place of an error that another shard's session delivered",
    async run({ storage, connect }) {
      await using other = await connect();
      await using first = await startShard(storage, { index: 1, count: 2 });
      await using second = await startShard(other, { index: 2, count: 2 });
      await second.session.commit([failure(first.evaluation, 1)]);
      await first.session.commit([record(first.evaluation, 1)]);
      const { completed, errors } = await now(storage);
      assertEquals([completed, errors], [1, 0]);
    },
  },
  {
    name: "keeps a metric's value against one that covers less",
    async run({ storage }) {
      await using first = await startShard(storage, { index: 1, count: 2 });
      await using second = await startShard(storage, { index: 2, count: 2 });
      const { id } = first.evaluation;
      const metric = { score: "exactMatch", metric: "accuracy", parameters: {} };
      await first.session.commit([record(id, 0)]);
      await second.session.commit([record(id, 1)]);
      const [early, late] = [{ results: 1, revision: 1 }, { results: 2, revision: 2 }];
      await second.session.storeMetrics(id, [{ ...metric, value: 0.5 }], late);
      await first.session.storeMetrics(id, [{ ...metric, value: 1 }], early);
      assertEquals(await storage.metrics(id), [{ ...metric, computed: { value: 0.5, ...late } }]);
      await first.session.storeMetrics(id, [{ ...metric, value: 0.25 }]);
      assertEquals(await storage.metrics(id), [{ ...metric, computed: { value: 0.25, ...late } }]);
    },
  },
  {
    name: "tells the session of a shard whose lease another has taken which shard it lost",
    async run({ storage, steal }) {
      if (steal === undefined) return;
      await using shard = await startShard(storage, { index: 2, count: 2 });
      await steal("trial");
      const late = () => shard.session.commit([record(shard.evaluation, 1)]);
      const error = await assertRejects(late, DotevalsError);
      assertEquals(error.code, "lease-lost");
      assertMatch(error.message, /no longer holds shard 2\/2 of the experiment "trial"/);
      assertMatch(error.message, /process 4711 on thief writes to shard 2\/2 of it/);
    },
  },
];
