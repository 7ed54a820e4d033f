/**
 * Cases about evaluations: definitions, generations, passes.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { StorageCase } from "./storage_case.ts";
import { all, allKeys, definition, failure, keyOf, now, record, start } from "./samples.ts";

/** What a storage must do with evaluations. */
export const evaluationCases: readonly StorageCase[] = [
  {
    name: "makes an evaluation as it is defined",
    async run({ storage }) {
      await using started = await start(storage);
      const wanted = definition({
        name: "styled",
        variant: `{"style":"terse"}`,
        metadata: `{"owner":"me"}`,
        tags: ["slow", 'a "quoted" one'],
      });
      const made = await started.session.evaluation(wanted);
      const { id, ...rest } = made;
      assertEquals(rest, {
        ...wanted,
        generation: 1,
        status: "running",
        items: 0,
        completed: 0,
        errors: 0,
        gone: 0,
        revision: 0,
      });
      assertEquals((await started.session.find("styled", `{"style":"terse"}`))?.id, id);
      assertEquals(await started.session.find("styled", "{}"), undefined);
    },
  },
  {
    name: "finds an evaluation again with what is recorded, under its first definition",
    async run({ storage }) {
      {
        await using started = await start(storage);
        await started.session.commit([
          record(started.evaluation, 0),
          failure(started.evaluation, 1),
        ]);
      }
      await using again = await start(storage);
      const changed = { code: "other", model: "", major: "0", version: "2" };
      const found = await again.session.evaluation(
        definition({ fingerprint: changed, metadata: `{"new":true}`, tags: ["new"] }),
      );
      assertEquals(found.fingerprint, definition().fingerprint);
      assertEquals([found.generation, found.completed, found.errors], [1, 2, 1]);
      assertEquals([found.status, found.items, found.revision], ["running", 2, 1]);
      assertEquals([found.metadata, found.tags], [`{"new":true}`, ["new"]]);
      await again.session.keep(found.id, changed);
      assertEquals((await now(storage)).fingerprint, changed);
    },
  },
  {
    name: "keeps variants of an evaluation apart, in the order of their first runs",
    async run({ storage }) {
      await using started = await start(storage);
      const variants = [`{"model":"b"}`, `{"model":"a"}`];
      for (const variant of variants) {
        const evaluation = await started.session.evaluation(definition({ variant }));
        await started.session.commit([record(evaluation, 0)]);
      }
      await started.session.evaluation(definition({ variant: `{"model":"b"}` }), { fresh: true });
      const stored = await storage.evaluations("trial");
      assertEquals(stored.map(({ variant }) => variant), ["{}", ...variants]);
      assertEquals(stored.map(({ completed }) => completed), [0, 0, 1]);
      await started.session.finish(stored[1]?.id ?? started.evaluation.id, "complete", 0);
      const later = await storage.evaluations("trial");
      assertEquals(later.map(({ variant }) => variant), ["{}", ...variants]);
    },
  },
  {
    name: "counts only the newest generation, and deletes the older ones when told to",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation: first } = started;
      await session.commit([record(first, 0), record(first, 1)]);
      await session.finish(first.id, "complete", 2);
      const second = await session.evaluation(definition(), { fresh: true });
      assertEquals([second.generation, second.completed, second.status], [2, 0, "running"]);
      await session.commit([record(second, 0)]);
      assertEquals((await storage.experiment("trial"))?.completed, 1);
      assertEquals((await session.find("accuracy", "{}"))?.id, second.id);
      const finished = await session.finish(second.id, "incomplete", 2);
      assertEquals(finished, await session.find(second.name, second.variant));
      assertEquals((await all(storage, first)).length, 2);
      await session.finish(second.id, "complete", 1);
      await session.dropOlder(second.id);
      assertEquals(await all(storage, first), []);
      assertEquals((await storage.aggregates(first.id)).size, 0);
      assertEquals((await all(storage, second)).length, 1);
      assertEquals((await storage.evaluations("trial")).length, 1);
    },
  },
  {
    name: "reads an evaluation that its session left running as incomplete",
    async run({ storage }) {
      {
        await using _started = await start(storage);
        assertEquals((await now(storage)).status, "running");
      }
      assertEquals((await now(storage)).status, "incomplete");
      await using other = await start(storage);
      await other.session.evaluation(definition({ name: "other" }));
      await other.session.finish(other.evaluation.id, "complete", 7);
      const statuses = (await storage.evaluations("trial")).map(({ status }) => status);
      assertEquals(statuses, ["complete", "running"]);
      assertEquals((await now(storage)).items, 7);
    },
  },
  {
    name: "never says fewer items than are recorded",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.commit([record(evaluation, 0), record(evaluation, 1), record(evaluation, 2)]);
      await session.finish(evaluation.id, "incomplete", 1);
      assertEquals((await now(storage)).items, 3);
    },
  },
  {
    name: "takes items that are gone out of counts and sums, until they are there again",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.commit([record(evaluation, 0), record(evaluation, 1), failure(evaluation, 2)]);
      const items = [0, 2].map((n) => ({ key: keyOf(n), repeat: 0 }));
      await session.mark(evaluation.id, [...items, { key: keyOf(9), repeat: 0 }], true);
      const marked = await now(storage);
      assertEquals([marked.completed, marked.errors, marked.gone], [1, 0, 2]);
      assert(marked.revision > 1);
      const sums = (await storage.aggregates(evaluation.id)).get("exactMatch");
      assertEquals(sums, {
        ...{ count: 1, sum: 0, numeric: 1, errors: 0 },
        ...{ booleans: 1, squares: 0, repeats: 1 },
      });
      const values = await Array.fromAsync(storage.scoreValues(evaluation.id, "exactMatch"));
      assertEquals(values, [false]);
      assertEquals((await all(storage, evaluation)).map(({ gone }) => gone), [true, false, true]);
      const keys = await allKeys(session, evaluation);
      const states = Object.fromEntries(keys.map(({ key, failed, gone }) => [key, [failed, gone]]));
      assertEquals(states, {
        [keyOf(0)]: [false, true],
        [keyOf(1)]: [false, false],
        [keyOf(2)]: [true, true],
      });
      await session.mark(evaluation.id, items, false);
      const back = await now(storage);
      assertEquals([back.completed, back.errors, back.gone], [3, 1, 0]);
    },
  },
];
