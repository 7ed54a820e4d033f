/**
 * Cases about how scores are spread.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { ScoreValue } from "../../evaluation/score_value.ts";
import type { ScoreDistribution } from "../score_distribution.ts";
import type { Storage, StorageSession } from "../storage.ts";
import type { StoredEvaluation } from "../stored_evaluation.ts";
import { failure, keyOf, now, record, start } from "./samples.ts";
import type { StorageCase } from "./storage_case.ts";

/** Records items of which each has one score of the name `x`. */
async function commitScores(
  session: StorageSession,
  evaluation: StoredEvaluation,
  values: readonly ScoreValue[],
): Promise<void> {
  await session.commit(
    values.map((value, n) =>
      record(evaluation, n, { scores: [{ name: "x", value, metadata: undefined }] })
    ),
  );
}

async function ofX(storage: Storage): Promise<ScoreDistribution | undefined> {
  return (await storage.distributions((await now(storage)).id)).get("x");
}

/** What a storage must know of how scores are spread. */
export const distributionCases: readonly StorageCase[] = [
  {
    name: "says how scores of every kind are spread, without those that are gone",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const values = [
        ...[true, false, true, 0.5, -0.25, 0.75, NaN, Infinity],
        ...["cat", "dog", "cat", "\0", { part: 1 }],
      ];
      await commitScores(session, evaluation, values);
      await session.commit([failure(evaluation, 20), record(evaluation, 21)]);
      await session.mark(evaluation.id, [{ key: keyOf(2), repeat: 0 }], true);
      assertEquals([...(await storage.distributions(evaluation.id)).keys()].toSorted(), [
        "exactMatch",
        "x",
      ]);
      const spread = await ofX(storage);
      assertEquals(spread && { ...spread, sums: undefined }, {
        sums: undefined,
        trues: 1,
        numbers: {
          ...{ count: 3, min: -0.25, max: 0.75, isWhole: false },
          ...{ from: -0.3, step: 0.1 },
          bins: [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1],
        },
        notFinite: 2,
        labels: [{ label: "cat", count: 2 }, { label: "\0", count: 1 }, { label: "dog", count: 1 }],
        texts: 4,
        records: 1,
        lowest: [
          { key: keyOf(4), repeat: 0, position: 4, value: -0.25 },
          { key: keyOf(1), repeat: 0, position: 1, value: 0 },
          { key: keyOf(3), repeat: 0, position: 3, value: 0.5 },
        ],
      });
      assertEquals(spread?.sums, (await storage.aggregates(evaluation.id)).get("x"));
    },
  },
  {
    name: "gives whole numbers that are few a bin each, and names no lowest of equal scores",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await commitScores(session, evaluation, [5, 3, 3, 1, 5, 5]);
      const { numbers, lowest } = await ofX(storage) ?? {};
      assertEquals(numbers, {
        ...{ count: 6, min: 1, max: 5, isWhole: true, from: 1, step: 1 },
        bins: [1, 0, 2, 0, 3],
      });
      assertEquals(lowest?.map(({ value }) => value), [1, 3, 3]);
      await session.commit(
        [0, 1, 2].map((n) =>
          record(evaluation, n + 10, { scores: [{ name: "y", value: true, metadata: undefined }] })
        ),
      );
      const y = (await storage.distributions(evaluation.id)).get("y");
      assertEquals([y?.trues, y?.numbers, y?.lowest], [3, undefined, []]);
      await session.commit([
        record(evaluation, 20, { scores: [{ name: "y", value: false, metadata: undefined }] }),
      ]);
      const mixed = (await storage.distributions(evaluation.id)).get("y");
      assertEquals(mixed?.lowest.map(({ position, value }) => [position, value]), [[20, 0]]);
    },
  },
  {
    name: "keeps how many scores are spread, and counts them anew when there are more",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const count = 12_000;
      await commitScores(session, evaluation, Array.from({ length: count }, (_, n) => n % 100));
      await session.finish(evaluation.id, "complete", count);
      const kept = await ofX(storage);
      assertEquals(kept?.numbers?.bins, Array.from({ length: 10 }, () => count / 10));
      assertEquals(kept?.sums.count, count);
      await session.commit([
        record(evaluation, count, { scores: [{ name: "x", value: 200, metadata: undefined }] }),
      ]);
      assertEquals((await ofX(storage))?.numbers?.max, 200);
    },
  },
  {
    name: "finds items by the beginning of their key",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      await session.commit(
        [0, 1, 2, 3].map((n) => n === 2 ? failure(evaluation, n) : record(evaluation, n)),
      );
      const found = async (keyPrefix: string, errorsOnly = false) => {
        const records = storage.records(evaluation.id, { keyPrefix, errorsOnly });
        return await Array.fromAsync(records, ({ position }) => position);
      };
      for (const n of [0, 1, 2, 3]) {
        for (const digits of [7, 8, 9, 32]) {
          assertEquals(await found(keyOf(n).slice(0, digits)), [n]);
        }
      }
      assertEquals(await found(""), [0, 1, 2, 3]);
      assertEquals(await found("", true), [2]);
      assertEquals(await found(keyOf(1), true), []);
      for (const none of ["f".repeat(32), "z", keyOf(0) + "0"]) assertEquals(await found(none), []);
    },
  },
];
