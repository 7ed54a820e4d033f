/**
 * What two evaluations in memory scored the same rows.
 *
 * @module
 */
import type { MemoryEvaluation } from "./memory_experiment.ts";
import {
  differs,
  type PairedPart,
  type PairedScores,
  type RowScore,
  UNSCORED,
} from "./paired_scores.ts";
import type { ItemKey, RecordedScore } from "./stored_record.ts";

/** A row of one evaluation. */
interface Row {
  /** Whether all of its repeats ended with an error. */
  readonly failed: boolean;
  readonly scores: ReadonlyMap<string, RowScore>;
}

/** All rows of two evaluations, as one part; with up to so many keys of rows that differ alike. */
export function pairScores(
  first: MemoryEvaluation | undefined,
  second: MemoryEvaluation | undefined,
  keys: number,
): PairedPart {
  const [before, after] = [rowsOf(first), rowsOf(second)];
  const groups = new Map<string, PairedScores>();
  const all = new Set([...before.keys(), ...after.keys()]);
  for (const key of [...all].sort()) {
    const [a, b] = [before.get(key)?.scores, after.get(key)?.scores];
    for (const score of new Set([...a?.keys() ?? [], ...b?.keys() ?? []])) {
      const sides = { first: a?.get(score) ?? UNSCORED, second: b?.get(score) ?? UNSCORED };
      const id = JSON.stringify([score, sides]);
      const group = groups.get(id) ?? { score, ...sides, rows: 0, keys: [] };
      const isWanted = differs(sides.first, sides.second) && group.keys.length < keys;
      groups.set(id, {
        ...group,
        rows: group.rows + 1,
        keys: isWanted ? [...group.keys, key] : group.keys,
      });
    }
  }
  const both = [...before.keys()].filter((key) => after.has(key));
  const failing = (where: ReadonlyMap<ItemKey, Row>) => (key: ItemKey) =>
    where.get(key)?.failed === true;
  const [inFirst, inSecond] = [failing(before), failing(after)];
  return {
    counts: {
      first: before.size,
      second: after.size,
      both: both.length,
      firstFailed: both.filter(inFirst).length,
      secondFailed: both.filter(inSecond).length,
      failed: both.filter((key) => inFirst(key) || inSecond(key)).length,
    },
    scores: [...groups.values()],
  };
}

function rowsOf(evaluation: MemoryEvaluation | undefined): ReadonlyMap<ItemKey, Row> {
  const rows = new Map<ItemKey, Row>();
  for (const { key, gone, error, scores } of evaluation?.records() ?? []) {
    if (gone) continue;
    const { failed, scores: before } = rows.get(key) ?? { failed: true, scores: new Map() };
    rows.set(key, {
      failed: failed && error !== undefined,
      scores: error === undefined ? withScores(before, scores) : before,
    });
  }
  return rows;
}

function withScores(
  before: ReadonlyMap<string, RowScore>,
  scores: readonly RecordedScore[],
): ReadonlyMap<string, RowScore> {
  const after = new Map(before);
  for (const { name, value } of scores) {
    const { count, sum, booleans } = after.get(name) ?? UNSCORED;
    const isNumber = typeof value === "boolean" || Number.isFinite(value);
    after.set(name, {
      count: count + Number(isNumber),
      sum: isNumber ? sum + Number(value) : sum,
      booleans: booleans + Number(typeof value === "boolean"),
    });
  }
  return after;
}
