/**
 * Cases about reading: order, pages, reading while a session writes.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { encode } from "../../values/tagged.ts";
import type { StorageCase } from "./storage_case.ts";
import { all, allKeys, failure, keyOf, record, records, start } from "./samples.ts";

/** More records than any storage gives in one page. */
const SEVERAL_PAGES = 1_203;

/** What a storage must do for readers. */
export const readCases: readonly StorageCase[] = [
  {
    name: "gives records by position and repeat, whatever their order of arrival",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const places = [[2, 0], [0, 1], [1, 0], [0, 0], [2, 1]] as const;
      for (const [position, repeat] of places) {
        await session.commit([record(evaluation, position, { repeat })]);
      }
      const found = (await all(storage, evaluation)).map((each) => [each.position, each.repeat]);
      assertEquals(found, [[0, 0], [0, 1], [1, 0], [2, 0], [2, 1]]);
    },
  },
  {
    name: "gives every record once when there are several pages, equal positions among them",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const drafts = records(evaluation, SEVERAL_PAGES).map((draft, n) => {
        return n < 700 ? { ...draft, position: 7 } : draft;
      });
      await session.commit(drafts);
      const keys = (await all(storage, evaluation)).map(({ key }) => key);
      assertEquals(keys.length, SEVERAL_PAGES);
      assertEquals(new Set(keys).size, SEVERAL_PAGES);
    },
  },
  {
    name: "gives only the records with errors when asked to",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.commit(
        records(evaluation, SEVERAL_PAGES).map((draft, n) => {
          return n % 400 === 3 ? failure(evaluation, n) : draft;
        }),
      );
      const failed = await all(storage, evaluation, { errorsOnly: true });
      assertEquals(failed.map(({ position }) => position), [3, 403, 803]);
      assertEquals(failed[0]?.error?.message, "too many requests");
    },
  },
  {
    name: "says which items are recorded and which of them failed, over several pages",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const count = 25_000;
      const drafts = records(evaluation, count).map((draft, n) => {
        return n % 5_000 === 1 ? failure(evaluation, n) : draft;
      });
      await session.commit(drafts);
      const keys = await allKeys(session, evaluation);
      assertEquals(new Set(keys.map(({ key }) => key)).size, count);
      const failed = keys.filter((key) => key.failed).map(({ key }) => key);
      assertEquals(failed.toSorted(), [1, 5_001, 10_001, 15_001, 20_001].map(keyOf).toSorted());
    },
  },
  {
    name: "gives the values of one score, over several pages",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const count = 12_000;
      await session.commit(
        records(evaluation, count).map((draft, n) => {
          return {
            ...draft,
            scores: [...draft.scores, { name: "n", value: n, metadata: undefined }],
          };
        }),
      );
      const values = await Array.fromAsync(storage.scoreValues(evaluation.id, "n"), Number);
      assertEquals(values.toSorted((a, b) => a - b), Array.from({ length: count }, (_, n) => n));
      assertEquals((await storage.aggregates(evaluation.id)).get("n"), {
        count,
        sum: count * (count - 1) / 2,
        numeric: count,
        booleans: 0,
        squares: (count - 1) * count * (2 * count - 1) / 6,
        repeats: 1,
        errors: 0,
      });
    },
  },
  {
    name: "says in its sums how many repeats of a row there are",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.commit([0, 1, 2].map((repeat) => record(evaluation, 0, { repeat })));
      const { count, booleans, repeats } =
        (await storage.aggregates(evaluation.id)).get("exactMatch") ?? {};
      assertEquals([count, booleans, repeats], [3, 3, 3]);
    },
  },
  {
    name: "gives the scores of one name with their items and rows, and the items with errors",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const values = [true, 0.1, "a\0b", NaN, { a: 1 }, null] as const;
      await session.commit(
        values.map((value, n) =>
          value === null ? failure(evaluation, n, { repeat: 2 }) : record(evaluation, n, {
            row: encode({ n, text: "\0" }),
            scores: [
              { name: "other", value: n, metadata: undefined },
              { name: "x", value, metadata: undefined },
            ],
          })
        ),
      );
      await session.commit([record(evaluation, 7), record(evaluation, 8), failure(evaluation, 9)]);
      await session.mark(evaluation.id, [8, 9].map((n) => ({ key: keyOf(n), repeat: 0 })), true);
      const found = await Array.fromAsync(storage.scoredItems(evaluation.id, "x", { rows: true }));
      const inOrder = found.toSorted((a, b) => Number(a.item.key > b.item.key) * 2 - 1);
      const expected = values.map((value, n) => ({
        item: value === null
          ? { key: keyOf(n), repeat: 2, row: { question: `${n} + 1?` } }
          : { key: keyOf(n), repeat: 0, row: { n, text: "\0" } },
        value: value ?? undefined,
      }));
      assertEquals(inOrder, expected.toSorted((a, b) => Number(a.item.key > b.item.key) * 2 - 1));
      const plain = await Array.fromAsync(storage.scoredItems(evaluation.id, "x"));
      assertEquals(plain.some(({ item }) => "row" in item), false);
    },
  },
  {
    name: "gives scores with their items over several pages",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.commit(records(evaluation, SEVERAL_PAGES));
      const scored = storage.scoredItems(evaluation.id, "exactMatch", { rows: true });
      const keys = await Array.fromAsync(scored, ({ item }) => item.key);
      assertEquals(keys.length, SEVERAL_PAGES);
      assertEquals(new Set(keys).size, SEVERAL_PAGES);
    },
  },
  {
    name: "reads while a session writes, each record whole and at most once",
    async run({ storage, connect }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await using reader = await connect();
      await session.commit(records(evaluation, SEVERAL_PAGES));
      const writing = (async () => {
        for (let n = SEVERAL_PAGES; n < SEVERAL_PAGES + 200; n += 20) {
          const more = Array.from({ length: 20 }, (_, i) => record(evaluation, n + i));
          await session.commit(more);
        }
      })();
      const keys: string[] = [];
      for await (const each of reader.records(evaluation.id)) {
        assertEquals(each.scores.length, 1);
        keys.push(each.key);
      }
      const summary = await reader.experiment("trial");
      await writing;
      assert(keys.length >= SEVERAL_PAGES);
      assertEquals(new Set(keys).size, keys.length);
      assert((summary?.completed ?? 0) >= SEVERAL_PAGES);
      assertEquals((await all(reader, evaluation)).length, SEVERAL_PAGES + 200);
    },
  },
];
