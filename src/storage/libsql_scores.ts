/**
 * Reads the values of scores page by page.
 *
 * @module
 */
import type { ScoreValue } from "../evaluation/score_value.ts";
import type { Database } from "./database.ts";
import { PAGE_OF_ITEMS, readPages } from "./item_pages.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import { fromStoredValue } from "./stored_score.ts";
import { toStoredText } from "./stored_text.ts";

/** Items of a page, at most. */
const PAGE = 5_000;

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
