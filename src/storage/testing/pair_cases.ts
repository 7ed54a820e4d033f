/**
 * Cases about what two evaluations scored the same rows.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { PairedPart, PairedScores, RowCounts } from "../paired_scores.ts";
import type { Storage } from "../storage.ts";
import type { StoredEvaluation } from "../stored_evaluation.ts";
import type { ItemKey, ItemRecordDraft, RecordedScore } from "../stored_record.ts";
import type { StorageCase } from "./storage_case.ts";
import { failure, keyOf, record, start } from "./samples.ts";

/** More rows than any storage gives in one part. */
const SEVERAL_PARTS = 21_000;

/** What two evaluations are to hold. */
type Sides = readonly [
  (evaluation: StoredEvaluation) => readonly ItemRecordDraft[],
  (evaluation: StoredEvaluation) => readonly ItemRecordDraft[],
];

interface Pairs {
  readonly counts: RowCounts;
  readonly scores: readonly PairedScores[];
}

/** Writes two experiments, and reads their pairs as one part. */
async function pairsOf(storage: Storage, sides: Sides, keys = 0): Promise<Pairs> {
  const evaluations: StoredEvaluation[] = [];
  for (const [n, records] of sides.entries()) {
    await using started = await start(storage, `trial ${n}`);
    await started.session.commit(records(started.evaluation));
    evaluations.push(started.evaluation);
  }
  const [first, second] = evaluations;
  assert(first !== undefined && second !== undefined);
  return together(await Array.fromAsync(storage.pairedScores(first.id, second.id, { keys })));
}

function together(parts: readonly PairedPart[]): Pairs {
  const sum = (pick: (counts: RowCounts) => number) =>
    parts.reduce((all, { counts }) => all + pick(counts), 0);
  const groups = new Map<string, PairedScores>();
  for (const group of parts.flatMap(({ scores }) => scores)) {
    const id = JSON.stringify([group.score, group.first, group.second]);
    const { rows = 0, keys = [] } = groups.get(id) ?? {};
    groups.set(id, { ...group, rows: rows + group.rows, keys: [...keys, ...group.keys] });
  }
  return {
    counts: {
      first: sum(({ first }) => first),
      second: sum(({ second }) => second),
      both: sum(({ both }) => both),
      firstFailed: sum(({ firstFailed }) => firstFailed),
      secondFailed: sum(({ secondFailed }) => secondFailed),
      failed: sum(({ failed }) => failed),
    },
    scores: [...groups.entries()].sort(([a], [b]) => a < b ? -1 : 1).map(([, group]) => group),
  };
}

function scored(...values: readonly RecordedScore["value"][]): Pick<ItemRecordDraft, "scores"> {
  return { scores: values.map((value) => ({ name: "x", value, metadata: undefined })) };
}

const TRUE = { count: 1, sum: 1, booleans: 1 };
const FALSE = { count: 1, sum: 0, booleans: 1 };
const NONE = { count: 0, sum: 0, booleans: 0 };

/** What a storage must do for comparisons. */
export const pairCases: readonly StorageCase[] = [
  {
    name: "counts the rows that two evaluations score alike, with keys of those that differ",
    async run({ storage }) {
      const { counts, scores } = await pairsOf(storage, [
        (of) => [1, 2, 3, 4, 5].map((n) => record(of, n, scored(n < 4))),
        (of) => [2, 3, 4, 5, 6].map((n) => record(of, n, scored(n === 3))),
      ], 9);
      const failed = { firstFailed: 0, secondFailed: 0, failed: 0 };
      assertEquals(counts, { first: 5, second: 5, both: 4, ...failed });
      const group = (
        first: typeof TRUE,
        second: typeof TRUE,
        rows: number,
        keys: number[] = [],
      ) => {
        return { score: "x", first, second, rows, keys: keys.map(keyOf) };
      };
      assertEquals(scores, [
        group(NONE, FALSE, 1),
        group(FALSE, FALSE, 2),
        group(TRUE, NONE, 1),
        group(TRUE, FALSE, 1, [2]),
        group(TRUE, TRUE, 1),
      ]);
    },
  },
  {
    name: "takes the repeats of a row together, without those with errors and those that are gone",
    async run({ storage }) {
      await using before = await start(storage, "before");
      await using after = await start(storage, "after");
      const a = before.evaluation;
      await before.session.commit([
        record(a, 1, { ...scored(true), repeat: 0 }),
        record(a, 1, { ...scored(false), repeat: 1 }),
        failure(a, 1, { repeat: 2 }),
        failure(a, 2),
        record(a, 3, { ...scored(0.25), repeat: 0 }),
        record(a, 3, { ...scored(0.5), repeat: 1 }),
        record(a, 4, scored(true)),
        record(a, 5, scored(true)),
        record(a, 6, scored(true)),
      ]);
      await before.session.mark(a.id, [{ key: keyOf(6), repeat: 0 }], true);
      const b = after.evaluation;
      await after.session.commit([
        record(b, 1, { ...scored(true), repeat: 4 }),
        record(b, 2, scored(true)),
        record(b, 3, scored(1)),
        failure(b, 4),
        record(b, 5, scored("text")),
        record(b, 6, scored(true)),
      ]);
      const parts = await Array.fromAsync(storage.pairedScores(a.id, b.id));
      const { counts, scores } = together(parts);
      assertEquals(counts, {
        first: 5,
        second: 6,
        both: 5,
        firstFailed: 1,
        secondFailed: 1,
        failed: 2,
      });
      const rows = scores.map(({ first, second, rows }) => ({ first, second, rows }));
      assertEquals(rows, [
        { first: NONE, second: TRUE, rows: 2 }, // rows 2 and 6
        { first: TRUE, second: NONE, rows: 2 }, // rows 4 and 5
        { first: { count: 2, sum: 0.75, booleans: 0 }, second: { ...TRUE, booleans: 0 }, rows: 1 },
        { first: { count: 2, sum: 1, booleans: 2 }, second: TRUE, rows: 1 },
      ]);
    },
  },
  {
    name: "gives the keys of rows whose means differ, whatever their sums",
    async run({ storage }) {
      const repeats = (of: StoredEvaluation, n: number, values: readonly number[]) =>
        values.map((value, repeat) => record(of, n, { ...scored(value), repeat }));
      const { scores } = await pairsOf(storage, [
        (of) => [...repeats(of, 1, [1, 0]), ...repeats(of, 2, [1, 1])],
        (of) => [...repeats(of, 1, [1]), ...repeats(of, 2, [1])],
      ], 9);
      assertEquals(scores.map(({ rows, keys }) => [rows, keys]), [[1, [keyOf(1)]], [1, []]]);
    },
  },
  {
    name: "counts as numbers of a row only booleans and finite numbers, under odd names too",
    async run({ storage }) {
      const name = "x\0y";
      const named = (value: RecordedScore["value"]) => ({
        scores: [{ name, value, metadata: undefined }],
      });
      const { scores } = await pairsOf(storage, [
        (of) => [NaN, "1", { a: 1 }, 0.1].map((value, n) => record(of, n, named(value))),
        (of) => [0.2, 0.2, 0.2, Infinity].map((value, n) => record(of, n, named(value))),
      ], 1);
      const number = (sum: number) => ({ count: 1, sum, booleans: 0 });
      assertEquals(scores, [
        { score: name, first: NONE, second: number(0.2), rows: 3, keys: [] },
        { score: name, first: number(0.1), second: NONE, rows: 1, keys: [] },
      ]);
    },
  },
  {
    name: "counts each row once over several parts, also where one evaluation has few",
    async run({ storage }) {
      const { counts, scores } = await pairsOf(storage, [
        (of) => Array.from({ length: SEVERAL_PARTS }, (_, n) => record(of, n, scored(n % 2 === 0))),
        (of) => [7, 8, SEVERAL_PARTS].map((n) => record(of, n, scored(true))),
      ], 1);
      assertEquals([counts.first, counts.second, counts.both], [SEVERAL_PARTS, 3, 2]);
      const rows = scores.map(({ first, second, rows, keys }) => [
        first.sum,
        first.count,
        second.count,
        rows,
        keys,
      ]);
      assertEquals(rows, [
        [0, 0, 1, 1, []],
        [0, 1, 0, SEVERAL_PARTS / 2 - 1, []],
        [0, 1, 1, 1, [keyOf(7)]],
        [1, 1, 0, SEVERAL_PARTS / 2 - 1, []],
        [1, 1, 1, 1, []],
      ]);
    },
  },
  {
    name: "gives the records of a row, and of all rows whose keys begin alike",
    async run({ storage }) {
      await using started = await start(storage);
      const { session, evaluation } = started;
      const key = (digits: string) => digits.padEnd(32, "0") as ItemKey;
      const rows = ["0a", "0b", "0b1", "0c"].map(key);
      await session.commit(rows.map((key, n) => record(evaluation, n, { key })));
      await session.commit([record(evaluation, 4, { key: key("0b"), repeat: 1 })]);
      const found = async (keyPrefix: string) => {
        const records = await Array.fromAsync(storage.records(evaluation.id, { keyPrefix }));
        return records.map(({ position }) => position);
      };
      assertEquals(await found(key("0b")), [1, 4]);
      assertEquals(await found("0b"), [1, 2, 4]);
      assertEquals(await found("0d"), []);
    },
  },
  {
    name: "gives no pairs of an evaluation without records",
    async run({ storage }) {
      const { counts, scores } = await pairsOf(storage, [() => [], () => []]);
      assertEquals([counts.first, counts.second, counts.both, scores.length], [0, 0, 0, 0]);
    },
  },
];
