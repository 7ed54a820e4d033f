/**
 * Cases about commits: what is stored, what is replaced, what is left out.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import type { StorageCase } from "./storage_case.ts";
import {
  all,
  allKeys,
  definition,
  failure,
  keyOf,
  now,
  record,
  records,
  start,
} from "./samples.ts";

/** What a storage must do with commits. */
export const commitCases: readonly StorageCase[] = [
  {
    name: "gives records back as they were committed",
    async run({ storage }) {
      await using started = await start(storage);
      const drafts = [
        record(started.evaluation, 0, {
          prompt: `"What is 1?"`,
          metadata: `{"n":1}`,
          attempts: 3,
          startedAt: 1_795_000_000_123.456,
          durationMs: 0.1 + 0.2,
          scores: [
            { name: "zeta", value: 1, metadata: `{"why":"so"}` },
            { name: "alpha", value: "b", metadata: undefined },
          ],
        }),
        failure(started.evaluation, 1),
        record(started.evaluation, 2, { scores: [], response: undefined }),
      ];
      assertEquals(await started.session.commit(drafts), { recorded: 3, doubled: 0 });
      const expected = drafts.map((draft) => ({ ...draft, gone: false }));
      assertEquals(await all(storage, started.evaluation), expected);
    },
  },
  {
    name: "keeps the first result without an error",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.commit([record(evaluation, 0)]);
      const later = record(evaluation, 0, {
        response: `"later"`,
        scores: [{ name: "late", value: 1, metadata: undefined }],
      });
      assertEquals(await session.commit([later]), { recorded: 0, doubled: 1 });
      const error = failure(evaluation, 0);
      assertEquals(
        await session.commit([error, record(evaluation, 1)]),
        { recorded: 1, doubled: 1 },
      );
      const [kept] = await all(storage, evaluation);
      assertEquals(kept, { ...record(evaluation, 0), gone: false });
      assertEquals((await storage.aggregates(evaluation.id)).has("late"), false);
    },
  },
  {
    name: "replaces a result with an error, its scores too",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const scored = [{ name: "partial", value: 0.5, metadata: undefined }];
      await session.commit([failure(evaluation, 0, { scores: scored }), record(evaluation, 1)]);
      await session.commit([failure(evaluation, 0, { attempts: 2, scores: [] })]);
      assertEquals((await all(storage, evaluation)).map(({ attempts }) => attempts), [2, 1]);
      assertEquals((await storage.aggregates(evaluation.id)).has("partial"), false);
      assertEquals(await session.commit([record(evaluation, 0)]), { recorded: 1, doubled: 0 });
      const stored = await now(storage);
      assertEquals([stored.completed, stored.errors], [2, 0]);
      const sums = (await storage.aggregates(evaluation.id)).get("exactMatch");
      assertEquals(sums, {
        ...{ count: 2, sum: 1, numeric: 2, errors: 0 },
        ...{ booleans: 2, squares: 1, repeats: 1 },
      });
    },
  },
  {
    name: "replaces errors of an earlier session",
    async run({ storage }) {
      {
        await using started = await start(storage);
        await started.session.commit([
          failure(started.evaluation, 0),
          record(started.evaluation, 1),
        ]);
      }
      await using again = await start(storage);
      const rerun = [record(again.evaluation, 0), record(again.evaluation, 1)];
      assertEquals(await again.session.commit(rerun), { recorded: 1, doubled: 1 });
      assertEquals((await now(storage)).errors, 0);
    },
  },
  {
    name: "brings an item that was gone back with its new result",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.commit([failure(evaluation, 0)]);
      await session.mark(evaluation.id, [{ key: keyOf(0), repeat: 0 }], true);
      await session.commit([record(evaluation, 0)]);
      const stored = await now(storage);
      assertEquals([stored.completed, stored.gone], [1, 0]);
    },
  },
  {
    name: "stores one result of an item that comes twice in one commit",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const outcome = await session.commit([
        failure(evaluation, 0),
        record(evaluation, 0, { response: `"first"` }),
        record(evaluation, 0, { response: `"second"` }),
        failure(evaluation, 0),
        failure(evaluation, 1, { attempts: 1 }),
        failure(evaluation, 1, { attempts: 2 }),
      ]);
      assertEquals(outcome, { recorded: 2, doubled: 2 });
      const stored = await all(storage, evaluation);
      assertEquals(stored.map(({ response }) => response), [`"first"`, undefined]);
      assertEquals(stored.map(({ attempts }) => attempts), [1, 2]);
    },
  },
  {
    name: "tells items apart by evaluation, key and repeat",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const other = await session.evaluation(definition({ name: "other" }));
      const drafts = [
        record(evaluation, 0),
        record(evaluation, 0, { repeat: 1 }),
        record(evaluation, 1),
        record(other, 0),
      ];
      assertEquals(await session.commit(drafts), { recorded: 4, doubled: 0 });
      assertEquals(await session.commit(drafts), { recorded: 0, doubled: 4 });
      assertEquals(
        (await allKeys(session, evaluation)).map(({ key, repeat }) => [key, repeat]),
        [[keyOf(0), 0], [keyOf(0), 1], [keyOf(1), 0]].sort(),
      );
    },
  },
  {
    name: "raises the revision of the evaluations that a commit changed, and of no other",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.evaluation(definition({ name: "other" }));
      await session.commit([record(evaluation, 0)]);
      await session.commit([record(evaluation, 1)]);
      await session.commit([record(evaluation, 1)]);
      const revisions = (await storage.evaluations("trial")).map(({ revision }) => revision);
      assertEquals(revisions, [2, 0]);
    },
  },
  {
    name: "stores nothing of a commit that fails",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const nowhere = record(evaluation, 5, { evaluation: definitelyNone(evaluation.id) });
      await assertRejects(() => session.commit([...records(evaluation, 5), nowhere]));
      assertEquals(await all(storage, evaluation), []);
      assertEquals((await now(storage)).revision, 0);
      assertEquals((await session.commit(records(evaluation, 5))).recorded, 5);
    },
  },
  {
    name: "takes commits that do not wait for each other",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => {
          return session.commit([record(evaluation, n), record(evaluation, n + 1)]);
        }),
      );
      assertEquals(outcomes.reduce((sum, { recorded }) => sum + recorded, 0), 21);
      assertEquals(outcomes.reduce((sum, { doubled }) => sum + doubled, 0), 19);
      assertEquals((await all(storage, evaluation)).length, 21);
    },
  },
  {
    name: "takes a commit of nothing",
    async run({ storage }) {
      await using started = await start(storage);
      assertEquals(await started.session.commit([]), { recorded: 0, doubled: 0 });
    },
  },
];

function definitelyNone<Id extends number>(id: Id): Id {
  return id + 1_000_000 as Id;
}
