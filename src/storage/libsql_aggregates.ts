/**
 * Sums over scores by SQL.
 *
 * @module
 */
import type { ScoreAggregate } from "../evaluation/metric.ts";
import type { Database } from "./database.ts";
import { UNSETTLED } from "./schema.ts";
import { countOf, numberAt, rowsOf, type SqlRow, textAt } from "./sql.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import { fromStoredValue, type ScoreKind } from "./stored_score.ts";
import { fromStoredText } from "./stored_text.ts";

/** The scores of an evaluation's items that are not gone. */
export const SCORES = `FROM items i INDEXED BY items_in_order
    CROSS JOIN scores s ON s.item_id = i.id
  WHERE i.evaluation_id = ?1 AND i.gone = 0`;

const KINDS = `SELECT s.name, s.kind, count(*), count(s.number),
    CASE WHEN abs(total(s.number)) < 9e999 THEN total(s.number) END,
    CASE WHEN total(s.number * s.number) < 9e999 THEN total(s.number * s.number) END,
    min(s.number), max(s.number), total(s.number = CAST(s.number AS INTEGER)), max(i.repeat) + 1
  ${SCORES} GROUP BY s.name, s.kind`;

/** `NaN` and the infinities, which have no number in SQL. */
const UNSUMMED = `SELECT s.name, s.value, count(*)
  FROM scores s INDEXED BY scores_unsummed CROSS JOIN items i ON i.id = s.item_id
  WHERE s.kind = 'number' AND s.number IS NULL AND i.evaluation_id = ?1 AND i.gone = 0
  GROUP BY s.name, s.value`;

const ERRORS = `SELECT count(*) FROM items INDEXED BY items_unsettled
  WHERE evaluation_id = ?1 AND gone = 0 AND error_name IS NOT NULL
    AND ${UNSETTLED}`;

/** What the scores of one name and one kind add up to. */
export interface KindSums {
  readonly count: number;
  /** Those that have a number in SQL: booleans, and numbers that are finite. */
  readonly numeric: number;
  readonly sum: number;
  readonly squares: number;
  /** The lowest number; 0 where there is none. */
  readonly min: number;
  readonly max: number;
  /** Numbers that are whole. */
  readonly whole: number;
  readonly repeats: number;
}

/** The scores of one name. */
export interface NameSums {
  readonly aggregate: ScoreAggregate;
  readonly kinds: ReadonlyMap<ScoreKind, KindSums>;
}

/** Running sums per score's name, over the items that are not gone. */
export async function readAggregates(
  database: Database,
  evaluation: EvaluationId,
): Promise<ReadonlyMap<string, ScoreAggregate>> {
  const sums = await readSums(database, evaluation);
  return new Map(Array.from(sums, ([name, { aggregate }]) => [name, aggregate]));
}

/** What scores add up to by name, and by kind. */
export async function readSums(
  database: Database,
  evaluation: EvaluationId,
): Promise<ReadonlyMap<string, NameSums>> {
  const args = [evaluation];
  const results = await database.read(
    { sql: KINDS, args },
    { sql: UNSUMMED, args },
    { sql: ERRORS, args },
  );
  const errors = countOf(results, 2);
  const unsummed = Map.groupBy(rowsOf(results, 1), (row) => textAt(row, 0));
  const byName = Map.groupBy(rowsOf(results, 0), (row) => textAt(row, 0));
  return new Map(Array.from(byName, ([name, rows]) => {
    const kinds = new Map(rows.map((row) => [textAt(row, 1) as ScoreKind, toKind(row)]));
    const numbers = unsummed.get(name) ?? [];
    return [fromStoredText(name), { kinds, aggregate: aggregateOf(kinds, { errors, numbers }) }];
  }));
}

function aggregateOf(
  kinds: NameSums["kinds"],
  { errors, numbers }: { readonly errors: number; readonly numbers: readonly SqlRow[] },
): ScoreAggregate {
  const all = [...kinds.values()];
  const add = (pick: (sums: KindSums) => number) => all.reduce((sum, one) => sum + pick(one), 0);
  let [sum, squares, numeric] = [add((one) => one.sum), add((one) => one.squares), 0];
  for (const row of numbers) {
    const value = fromStoredValue({ kind: "number", number: null, value: textAt(row, 1) });
    sum += Number(value);
    squares += Number(value) ** 2;
    numeric += numberAt(row, 2);
  }
  return {
    count: add(({ count }) => count),
    sum,
    numeric: numeric + add((one) => one.numeric),
    booleans: kinds.get("boolean")?.count ?? 0,
    squares,
    repeats: all.reduce((most, { repeats }) => Math.max(most, repeats), 1),
    errors,
  };
}

function toKind(row: SqlRow): KindSums {
  return {
    count: numberAt(row, 2),
    numeric: numberAt(row, 3),
    sum: finiteAt(row, 4),
    squares: finiteAt(row, 5),
    min: row[6] === null ? 0 : numberAt(row, 6),
    max: row[7] === null ? 0 : numberAt(row, 7),
    whole: numberAt(row, 8),
    repeats: numberAt(row, 9),
  };
}

/** A sum; one beyond the greatest double has no number on its way here. */
function finiteAt(row: SqlRow, column: number): number {
  return row[column] === null ? Infinity : numberAt(row, column);
}
