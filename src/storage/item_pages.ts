/**
 * Pages of an evaluation's items in their order, read as one JSON array each.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { type Database, TOO_LARGE } from "./database.ts";
import { rowsOf, type SqlRow, type SqlValue, textAt } from "./sql.ts";
import type { EvaluationId } from "./stored_evaluation.ts";

const IN_ORDER = `SELECT id, position, repeat, gone, error_name FROM items INDEXED BY items_in_order
  WHERE evaluation_id = ?1 AND (position, repeat, id) > (?2, ?3, ?4)
  ORDER BY position, repeat, id`;

/** The items of one page, as a table in parentheses; `?1` to `?4` and `?6` are taken by it. */
export const PAGE_OF_ITEMS = `(${IN_ORDER} LIMIT ?6)`;

const LAST_OF_PAGE = `SELECT position, repeat, id FROM (${IN_ORDER} LIMIT 1 OFFSET ?5)`;

/** What is read of each page. */
export interface PagedRead {
  readonly evaluation: EvaluationId;
  /** Gives one JSON array, from {@linkcode PAGE_OF_ITEMS}. */
  readonly sql: string;
  /** The statement's `?5`. */
  readonly argument: SqlValue;
  /** Items of a page, at most. */
  readonly size: number;
}

/** The arrays of all pages, one after the other. */
export async function* readPages(
  database: Database,
  { evaluation, sql, argument, size: most }: PagedRead,
): AsyncGenerator<readonly unknown[]> {
  let size = most;
  let after: SqlRow | undefined = [-1, -1, -1];
  while (after !== undefined) {
    const [position = null, repeat = null, id = null]: SqlRow = after;
    const args = [evaluation, position, repeat, id];
    try {
      const results = await database.read(
        { sql, args: [...args, argument, size] },
        { sql: LAST_OF_PAGE, args: [...args, size - 1] },
      );
      yield JSON.parse(textAt(rowsOf(results, 0)[0] ?? [], 0));
      after = rowsOf(results, 1)[0];
    } catch (error) {
      if (!(error instanceof DotevalsError && error.code === TOO_LARGE) || size === 1) throw error;
      // Long texts: a server has its limits.
      size = Math.ceil(size / 8);
    }
  }
}
