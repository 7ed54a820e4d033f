/**
 * Reads scores with the items that they belong to, page by page.
 *
 * @module
 */
import type { ScoredItem } from "../evaluation/metric.ts";
import { decode } from "../values/tagged.ts";
import type { Database } from "./database.ts";
import { PAGE_OF_ITEMS, readPages } from "./item_pages.ts";
import { toScoreValue, VALUE } from "./libsql_scores.ts";
import type { ScoredItemsOptions, ScoredOutcome } from "./storage.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import { fromStoredText, toStoredText } from "./stored_text.ts";

/** Items of a page, at most; rows may be long. */
const PAGE = 5_000;
const PAGE_WITH_ROWS = 500;

const OUTCOMES = outcomes("");
const OUTCOMES_WITH_ROWS = outcomes(", i.row");

function outcomes(row: string): string {
  return `SELECT json_group_array(json_array(lower(hex(i.key)), i.repeat, ${VALUE}${row}))
    FROM ${PAGE_OF_ITEMS} page CROSS JOIN items i ON i.id = page.id
      LEFT JOIN scores s ON s.item_id = i.id AND s.name = ?5 AND i.error_name IS NULL
    WHERE page.gone = 0 AND (s.item_id IS NOT NULL OR page.error_name IS NOT NULL)`;
}

/** Which scores to read. */
export interface ScoredItemsOf extends ScoredItemsOptions {
  readonly evaluation: EvaluationId;
  readonly score: string;
}

/** The scores of one name with their items, and the items with errors, over what is not gone. */
export async function* readScoredItems(
  database: Database,
  { evaluation, score, rows = false }: ScoredItemsOf,
): AsyncGenerator<ScoredOutcome> {
  const pages = readPages(database, {
    evaluation,
    sql: rows ? OUTCOMES_WITH_ROWS : OUTCOMES,
    argument: toStoredText(score),
    size: rows ? PAGE_WITH_ROWS : PAGE,
  });
  for await (const page of pages) {
    for (const entry of page) {
      const [key, repeat, value, row]: readonly unknown[] = Array.isArray(entry) ? entry : [];
      const item: ScoredItem = {
        key: String(key),
        repeat: Number(repeat),
        ...rows && { row: decode(fromStoredText(String(row))) },
      };
      yield { item, value: value === null ? undefined : toScoreValue(value) };
    }
  }
}
