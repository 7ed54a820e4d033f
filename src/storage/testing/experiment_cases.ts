/**
 * Cases about experiments as a whole: lists, counts, names.
 *
 * @module
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DotevalsError } from "../../errors.ts";
import type { StorageCase } from "./storage_case.ts";
import {
  all,
  definition,
  failure,
  HOLDER,
  keyOf,
  nextMillisecond,
  now,
  record,
  start,
  touch,
} from "./samples.ts";

/** What a storage must do with experiments. */
export const experimentCases: readonly StorageCase[] = [
  {
    name: "lists no experiments where there are none",
    async run({ storage }) {
      assertEquals(await storage.experiments(), []);
      assertEquals(await storage.experiment("trial"), undefined);
    },
  },
  {
    name: "lists experiments with the newest change first",
    async run({ storage }) {
      await touch(storage, "first");
      await nextMillisecond();
      await touch(storage, "second");
      await nextMillisecond();
      assertEquals((await storage.experiments()).map(({ name }) => name), ["second", "first"]);
      {
        await using started = await start(storage, "first");
        await started.session.commit([record(started.evaluation, 0)]);
      }
      assertEquals((await storage.experiments()).map(({ name }) => name), ["first", "second"]);
    },
  },
  {
    name: "counts items, results and errors of all evaluations, and no items that are gone",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const other = await session.evaluation(definition({ name: "other" }));
      await session.commit([record(evaluation, 0), failure(evaluation, 1), record(other, 0)]);
      await session.commit([failure(other, 1), record(other, 2)]);
      await session.mark(other.id, [{ key: keyOf(1), repeat: 0 }], true);
      await session.finish(evaluation.id, "incomplete", 10);
      const summary = await storage.experiment("trial");
      assert(summary !== undefined);
      const { createdAt, updatedAt, ...counts } = summary;
      assertEquals(counts, {
        name: "trial",
        status: "running",
        evaluations: 2,
        items: 12,
        completed: 4,
        errors: 1,
      });
      assert(updatedAt.getTime() >= createdAt.getTime());
      assertEquals(await storage.experiments(), [summary]);
    },
  },
  {
    name: "tells running, incomplete and complete experiments apart",
    async run({ storage }) {
      const statuses: string[] = [];
      async function note() {
        statuses.push((await storage.experiment("trial"))?.status ?? "none");
      }
      {
        await using started = await start(storage);
        await note();
        await started.session.finish(started.evaluation.id, "incomplete", 3);
      }
      await note();
      {
        await using started = await start(storage);
        await started.session.finish(started.evaluation.id, "complete", 3);
        await note();
      }
      await note();
      {
        await using started = await start(storage);
        await started.session.evaluation(definition({ name: "another" }));
        await started.session.finish(started.evaluation.id, "complete", 3);
      }
      await note();
      assertEquals(statuses, ["running", "incomplete", "running", "complete", "incomplete"]);
    },
  },
  {
    name: "names the nearest experiment when there is none of a name",
    async run({ storage }) {
      const none = await assertRejects(() => storage.evaluations("trail"), DotevalsError);
      assertEquals([none.code, none.exitCode], ["no-experiment", 2]);
      await touch(storage, "trial", "unlike");
      for (
        const attempt of [
          () => storage.evaluations("trail"),
          () => storage.rename("trail", "new"),
          () => storage.delete("trail"),
        ]
      ) {
        const error = await assertRejects(attempt, DotevalsError);
        assertEquals(error.code, "no-experiment");
        assertStringIncludes(error.message, '"trail"');
        assertStringIncludes(error.hint ?? "", '"trial"');
      }
    },
  },
  {
    name: "renames an experiment with all that it holds",
    async run({ storage }) {
      {
        await using started = await start(storage, "old");
        await started.session.commit([record(started.evaluation, 0)]);
      }
      await storage.rename("old", "new");
      assertEquals(await storage.experiment("old"), undefined);
      assertEquals((await all(storage, await now(storage, "new"))).length, 1);
      await using again = await start(storage, "new");
      assertEquals(again.evaluation.completed, 1);
    },
  },
  {
    name: "does not rename an experiment to a name that is taken",
    async run({ storage }) {
      await touch(storage, "one", "two");
      const error = await assertRejects(() => storage.rename("one", "two"), DotevalsError);
      assertEquals(error.code, "experiment-exists");
      assertEquals((await storage.experiments()).length, 2);
    },
  },
  {
    name: "deletes an experiment, and nothing of the others",
    async run({ storage }) {
      for (const name of ["one", "two"]) {
        await using started = await start(storage, name);
        const { session, evaluation } = started;
        await session.commit([record(evaluation, 0), record(evaluation, 1)], [{
          evaluation: evaluation.id,
          metrics: [{ score: "exactMatch", metric: "accuracy", parameters: {} }],
        }]);
      }
      const deleted = await now(storage, "one");
      await storage.delete("one");
      assertEquals((await storage.experiments()).map(({ name }) => name), ["two"]);
      assertEquals(await all(storage, deleted), []);
      const kept = await now(storage, "two");
      assertEquals((await all(storage, kept)).length, 2);
      assertEquals((await storage.aggregates(kept.id)).get("exactMatch")?.count, 2);
      assertEquals((await storage.metrics(kept.id)).length, 1);
      await using again = await start(storage, "one");
      assertEquals(again.evaluation.completed, 0);
      assert(again.evaluation.id !== deleted.id);
    },
  },
  {
    name: "does not rename or delete an experiment that a session holds",
    async run({ storage, connect }) {
      await using started = await start(storage, "held");
      await using other = await connect();
      for (const attempt of [() => other.rename("held", "new"), () => other.delete("held")]) {
        const error = await assertRejects(attempt, DotevalsError);
        assertEquals([error.code, error.exitCode], ["experiment-locked", 3]);
        assertStringIncludes(error.message, HOLDER.host);
      }
      await started.session.commit([record(started.evaluation, 0)]);
    },
  },
];
