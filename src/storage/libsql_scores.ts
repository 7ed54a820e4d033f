/**
 * Reads scores: sums by SQL, values page by page.
 *
 * @module
 */
import type { ScoreAggregate } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import { RunningSums } from "../metrics/running_sums.ts";
import type { Database } from "./database.ts";
import { PAGE_OF_ITEMS, readPages } from "./item_pages.ts";
import { UNSETTLED } from "./schema.ts";
import { countOf, numberAt, rowsOf, textAt } from "./sql.ts";
import type { EvaluationId } from "./storage.ts";
import { fromStoredValue } from "./stored_score.ts";
import { fromStoredText, toStoredText } from "./stored_text.ts";

/** Items of a page, at most. */
const PAGE = 5_000;

const AGGREGATES = `SELECT s.name, count(*), count(s.number),
    CASE WHEN abs(total(s.number)) < 9e999 THEN total(s.number) END
  FROM items i INDEXED BY items_in_order CROSS JOIN scores s ON s.item_id = i.id
  WHERE i.evaluation_id = ?1 AND i.gone = 0
  GROUP BY s.name`;

/** `NaN` and the infinities, which have no number in SQL. */
const UNSUMMED = `SELECT s.name, s.value, count(*)
  FROM scores s INDEXED BY scores_unsummed CROSS JOIN items i ON i.id = s.item_id
  WHERE s.kind = 'number' AND s.number IS NULL AND i.evaluation_id = ?1 AND i.gone = 0
  GROUP BY s.name, s.value`;

const ERRORS = `SELECT count(*) FROM items INDEXED BY items_unsettled
  WHERE evaluation_id = ?1 AND gone = 0 AND error_name IS NOT NULL
    AND ${UNSETTLED}`;

/** Running sums per score's name, over the items that are not gone. */
export async function readAggregates(
  database: Database,
  evaluation: EvaluationId,
): Promise<ReadonlyMap<string, ScoreAggregate>> {
  const args = [evaluation];
  const results = await database.read(
    { sql: AGGREGATES, args },
    { sql: UNSUMMED, args },
    { sql: ERRORS, args },
  );
  const errors = countOf(results, 2);
  const aggregates = new Map<string, ScoreAggregate>();
  for (const row of rowsOf(results, 0)) {
    const [count, numeric] = [numberAt(row, 1), numberAt(row, 2)];
    // A sum beyond the greatest double has no number on its way here.
    const sum = row[3] === null ? Infinity : numberAt(row, 3);
    aggregates.set(fromStoredText(textAt(row, 0)), { count, sum, numeric, errors });
  }
  for (const row of rowsOf(results, 1)) {
    const name = fromStoredText(textAt(row, 0));
    const before = aggregates.get(name) ?? new RunningSums().aggregate(errors);
    const value = fromStoredValue({ kind: "number", number: null, value: textAt(row, 1) });
    const sum = before.sum + Number(value);
    aggregates.set(name, { ...before, sum, numeric: before.numeric + numberAt(row, 2) });
  }
  return aggregates;
}

/** A score's value in JSON: numbers and booleans as themselves, all else as the text of its tagged JSON. */
export const VALUE = `CASE WHEN s.value IS NOT NULL THEN s.value
    WHEN s.kind = 'boolean' THEN json(iif(s.number = 1, 'true', 'false'))
    ELSE s.number END`;

const VALUES = `SELECT json_group_array(${VALUE})
  FROM ${PAGE_OF_ITEMS} i CROSS JOIN scores s ON s.item_id = i.id
  WHERE i.gone = 0 AND s.name = ?5`;

/** The values of all scores of one name, over the items that are not gone. */
export async function* readScoreValues(
  database: Database,
  evaluation: EvaluationId,
  score: string,
): AsyncGenerator<ScoreValue> {
  const argument = toStoredText(score);
  const pages = readPages(database, { evaluation, sql: VALUES, argument, size: PAGE });
  for await (const page of pages) {
    for (const value of page) yield toScoreValue(value);
  }
}

/** Undoes {@linkcode VALUE}. */
export function toScoreValue(value: unknown): ScoreValue {
  if (typeof value === "boolean" || typeof value === "number") return value;
  return fromStoredValue({ kind: "record", number: null, value: String(value) });
}
