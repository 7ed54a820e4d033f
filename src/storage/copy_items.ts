/**
 * Reads the items of an experiment as they are, page by page in the order of their ids.
 *
 * @module
 */
import { type CopiedTables, ITEM_PARTS } from "./copy_header.ts";
import type { Database } from "./database.ts";
import { IDS_PER_SESSION } from "./schema.ts";
import { numberAt, rowsOf, type SqlValue, type Statement } from "./sql.ts";
import { type Row, selectRows, sizeOfRow, toRow } from "./table_columns.ts";

/** Items of a page, at most. */
const PAGE = 1_000;

/** Bytes of a page; an item that is larger is a page. Servers take and answer with a few MB. */
const PAGE_BYTES = 2_000_000;

/** An item with all that belongs to it. */
export interface CopiedItem {
  /** Its place among the items of its session. */
  readonly count: number;
  readonly row: Row;
  /** Its rows in {@linkcode ITEM_PARTS}. */
  readonly parts: readonly (readonly Row[])[];
}

/** Items of one session. */
export interface ItemPage {
  /** The place of the session among those that are read. */
  readonly session: number;
  readonly items: readonly CopiedItem[];
}

/** Whose items to read. */
export interface ItemsOf {
  readonly tables: CopiedTables;
  /** Ids of sessions, in the order of reading. */
  readonly sessions: readonly number[];
  /** Ids of evaluations. */
  readonly evaluations: readonly number[];
}

/** Reads items; the next page is on its way while one is used. */
export async function* readItems(database: Database, of: ItemsOf): AsyncGenerator<ItemPage> {
  const pages = pagesOf(database, of);
  let next = pages.next();
  try {
    while (true) {
      const { done, value } = await next;
      if (done === true) return;
      next = pages.next();
      yield value;
    }
  } finally {
    await next.catch(() => {});
  }
}

async function* pagesOf(database: Database, of: ItemsOf): AsyncGenerator<ItemPage> {
  for (const [session, id] of of.sessions.entries()) {
    const first = id * IDS_PER_SESSION;
    const last = first + IDS_PER_SESSION - 1;
    let after = first - 1;
    let [row = []] = await database.rows(endOfPage(of.tables, { after, last }));
    while (row[0] !== undefined && row[0] !== null) {
      const end = numberAt(row, 0);
      const results = await database.read(
        ...pageStatements(of, { after, end }),
        endOfPage(of.tables, { after: end, last }),
      );
      const items = itemsOf(of.tables, { first, results: results.map(({ rows }) => rows) });
      if (items.length > 0) yield { session, items };
      after = end;
      row = rowsOf(results, results.length - 1)[0] ?? [];
    }
  }
}

/** Gives the id of the last item of the page behind `after`; nothing where there is none. */
function endOfPage(
  tables: CopiedTables,
  { after, last }: { readonly after: number; readonly last: number },
): Statement {
  const parts = ITEM_PARTS.map((name) =>
    ` + coalesce((SELECT sum(${
      sizeOfRow(tables[name], "p")
    }) FROM ${name} p WHERE item_id = i.id), 0)`
  );
  return {
    sql: `SELECT max(id) FILTER (WHERE total <= ${PAGE_BYTES} OR total = size) FROM (
      SELECT id, size, sum(size) OVER (ORDER BY id) AS total FROM (
        SELECT id, ${sizeOfRow(tables.items, "i")}${parts.join("")} AS size
        FROM items i NOT INDEXED WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ${PAGE}))`,
    args: [after, last],
  };
}

/** The rows of a page's items, and those of each of their parts. */
function pageStatements(
  { tables, evaluations }: ItemsOf,
  { after, end }: { readonly after: number; readonly end: number },
): readonly Statement[] {
  return [
    selectRows(tables.items, {
      rest: `NOT INDEXED WHERE id > ?1 AND id <= ?2
        AND evaluation_id IN (SELECT value FROM json_each(?3)) ORDER BY id`,
      args: [after, end, JSON.stringify(evaluations)],
    }),
    ...ITEM_PARTS.map((name) =>
      selectRows(tables[name], {
        rest: "WHERE item_id > ?1 AND item_id <= ?2 ORDER BY item_id, ordinal",
        args: [after, end],
      })
    ),
  ];
}

function itemsOf(
  tables: CopiedTables,
  { first, results }: {
    readonly first: number;
    readonly results: readonly (readonly (readonly SqlValue[])[])[];
  },
): readonly CopiedItem[] {
  const parts = ITEM_PARTS.map((name, at) =>
    Map.groupBy(
      (results[at + 1] ?? []).map((row) => toRow(tables[name], row)),
      (row) => row.item_id,
    )
  );
  return (results[0] ?? []).map((selected) => {
    const row = toRow(tables.items, selected);
    return {
      count: Number(row.id) - first,
      row,
      parts: parts.map((rows) => rows.get(row.id) ?? []),
    };
  });
}
