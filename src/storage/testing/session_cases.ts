/**
 * Cases about who may write.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { DotevalsError } from "../../errors.ts";
import type { StorageCase } from "./storage_case.ts";
import { all, definition, HOLDER, now, record, records, start } from "./samples.ts";

/** What a storage must do with sessions. */
export const sessionCases: readonly StorageCase[] = [
  {
    name: "lets one session write to an experiment, and names it to the next",
    async run({ storage, connect }) {
      await using started = await start(storage);
      await using other = await connect();
      for (const place of [storage, other]) {
        const error = await assertRejects(() => place.begin("trial", HOLDER), DotevalsError);
        assertEquals([error.code, error.exitCode], ["experiment-locked", 3]);
        assertMatch(error.message, /"trial"/);
        assertMatch(error.message, new RegExp(`process ${HOLDER.pid} on ${HOLDER.host}`));
        assertMatch(error.message, /heartbeat \d+ s ago/);
        assert(error.hint !== undefined);
      }
      await started.session.commit([record(started.evaluation, 0)]);
      await started.session.close();
      await using next = await start(other);
      assertEquals(next.evaluation.completed, 1);
    },
  },
  {
    name: "lets exactly one of many sessions begin at the same time",
    async run({ storage, connect }) {
      await using other = await connect();
      const attempts = Array.from({ length: 10 }, (_, n) => {
        return (n % 2 === 0 ? storage : other).begin("race", HOLDER);
      });
      const settled = await Promise.allSettled(attempts);
      const begun = settled.filter((attempt) => attempt.status === "fulfilled");
      await Promise.all(begun.map(({ value }) => value.close()));
      assertEquals(begun.length, 1);
      for (const attempt of settled) {
        if (attempt.status === "rejected") assertEquals(attempt.reason.code, "experiment-locked");
      }
    },
  },
  {
    name: "lets sessions write to different experiments at once",
    async run({ storage, connect }) {
      await using other = await connect();
      await using one = await start(storage, "one");
      await using two = await start(other, "two");
      assert(one.session.id !== two.session.id);
      assert(one.evaluation.id !== two.evaluation.id);
      await Promise.all([one, two].map(async ({ session, evaluation }) => {
        for (const each of records(evaluation, 30)) await session.commit([each]);
      }));
      assertEquals((await all(storage, one.evaluation)).length, 30);
      assertEquals((await all(storage, two.evaluation)).length, 30);
    },
  },
  {
    name: "writes nothing more for a session that has ended",
    async run({ storage }) {
      const { session, evaluation } = await start(storage);
      await session.close();
      await session.close();
      for (
        const write of [
          () => session.commit([record(evaluation, 0)]),
          () => session.evaluation(definition({ name: "late" })),
          () => session.finish(evaluation.id, "complete", 0),
          () => session.setGit("c0ffee", false),
        ]
      ) {
        assertEquals((await assertRejects(write, DotevalsError)).code, "session-closed");
      }
      assertEquals((await now(storage)).completed, 0);
    },
  },
  {
    name: "ends its sessions when it is disposed",
    async run({ storage, connect }) {
      const other = await connect();
      await start(other);
      await other[Symbol.asyncDispose]();
      assertEquals((await storage.experiment("trial"))?.status, "incomplete");
      if (other === storage) return;
      await using again = await start(storage);
      assertEquals(again.evaluation.generation, 1);
    },
  },
  {
    name: "refuses the writes of a session whose lease another has taken",
    async run({ storage, connect, steal }) {
      if (steal === undefined) return;
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.commit([record(evaluation, 0)]);
      await steal("trial");
      for (
        const write of [
          () => session.commit([record(evaluation, 1)]),
          () => session.evaluation(definition(), { fresh: true }),
          () => session.mark(evaluation.id, [record(evaluation, 0)], true),
          () =>
            session.storeMetrics(evaluation.id, [
              { score: "exactMatch", metric: "accuracy", parameters: {}, value: 1 },
            ]),
          () => session.keep(evaluation.id, definition().fingerprint),
        ]
      ) {
        const error = await assertRejects(write, DotevalsError);
        assertEquals([error.code, error.exitCode], ["lease-lost", 3]);
        assertMatch(error.message, /process 4711 on thief/);
      }
      await using reader = await connect();
      const stored = await now(reader);
      assertEquals([stored.completed, stored.generation, stored.gone], [1, 1, 0]);
      assertEquals(await reader.metrics(evaluation.id), []);
      assertEquals((await reader.experiment("trial"))?.status, "running");
      assertEquals(stored.status, "incomplete");
    },
  },
  {
    name: "numbers its sessions, and says how much of a commit they take at once",
    async run({ storage }) {
      const { session: first } = await start(storage);
      await first.close();
      await using second = await start(storage);
      assert(Number.isInteger(first.id) && Number.isInteger(second.session.id));
      assert(second.session.id > first.id);
      assert(second.session.commitSize > 0);
      assertEquals([first.isNew, second.session.isNew], [true, false]);
    },
  },
];
