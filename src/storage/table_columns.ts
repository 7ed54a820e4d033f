/**
 * Rows as they are, whatever columns a table has: what a later migration adds comes along.
 *
 * @module
 */
import type { Database } from "./database.ts";
import { insertRows, type JsonRows } from "./json_rows.ts";
import { rowsOf, type SqlRow, type SqlValue, type Statement, textAt } from "./sql.ts";

/** A table, and the columns that are stored in it. */
export interface Table {
  readonly name: string;
  readonly columns: readonly TableColumn[];
}

/** A column. */
export interface TableColumn {
  readonly name: string;
  /** As declared: `TEXT`, `INTEGER`, `REAL` or `BLOB`. */
  readonly type: string;
}

/** A row by column; blobs are hexadecimal text. */
export type Row = Readonly<Record<string, SqlValue>>;

/** The tables of these names. */
export async function readTables<const Name extends string>(
  database: Database,
  names: readonly Name[],
): Promise<Readonly<Record<Name, Table>>> {
  const results = await database.read(...names.map((name) => ({
    sql: "SELECT name, type FROM pragma_table_info(?1) ORDER BY cid",
    args: [name],
  })));
  const tables = names.map((name, at) => {
    const columns = rowsOf(results, at).map((row) => ({
      name: textAt(row, 0),
      type: textAt(row, 1),
    }));
    return [name, { name, columns }];
  });
  return Object.fromEntries(tables);
}

/**
 * Selects rows for {@linkcode toRow}. All but numbers with a fraction are one text of JSON: the
 * client takes its time for each column, and JSON would round those.
 */
export function selectRows(
  table: Table,
  { rest, args = [] }: { readonly rest: string; readonly args?: readonly SqlValue[] },
): Statement {
  const texts = table.columns.filter((column) => !isReal(column)).map(({ name, type }) =>
    type === "BLOB" ? `lower(hex(t.${name}))` : `t.${name}`
  );
  const reals = table.columns.filter(isReal).map(({ name }) => `, t.${name}`);
  return {
    sql: `SELECT json_array(${texts.join(", ")})${reals.join("")} FROM ${table.name} t ${rest}`,
    args,
  };
}

/** A row of {@linkcode selectRows}. */
export function toRow(table: Table, selected: SqlRow): Row {
  const texts: readonly SqlValue[] = JSON.parse(textAt(selected, 0));
  const row: Record<string, SqlValue> = {};
  let [text, real] = [0, 1];
  for (const column of table.columns) {
    row[column.name] = (isReal(column) ? selected[real++] : texts[text++]) ?? null;
  }
  return row;
}

/** The bytes of a row's texts, as an SQL expression. */
export function sizeOfRow(table: Table, alias: string): string {
  const texts = table.columns.filter(({ type }) => type === "TEXT")
    .map(({ name }) => `coalesce(octet_length(${alias}.${name}), 0)`);
  return texts.length === 0 ? "0" : texts.join(" + ");
}

/** Whether a column holds numbers with a fraction. */
function isReal({ type }: TableColumn): boolean {
  return type === "REAL";
}

/** Statements that insert rows as they are; `rest` is what follows so many of them. */
export function insertAsIs(
  table: Table,
  rows: readonly Row[],
  { rest = () => "WHERE true ON CONFLICT DO NOTHING" }: Pick<Partial<JsonRows>, "rest"> = {},
): readonly Statement[] {
  const columns = table.columns.map(({ name }) => name);
  return insertRows({
    table: table.name,
    columns,
    blob: table.columns.find(({ type }) => type === "BLOB")?.name,
    exact: table.columns.filter(isReal).map(({ name }) => name),
    rows: rows.map((row) => columns.map((name) => row[name] ?? null)),
    rest,
  });
}

/** Makes the row of this id what is given. */
export function updateAsIs(table: Table, { id = null, ...row }: Row): Statement {
  const columns = Object.keys(row);
  return {
    sql: `UPDATE ${table.name} SET ${columns.map((name, at) => `${name} = ?${at + 2}`).join(", ")}
      WHERE id = ?1`,
    args: [id, ...Object.values(row)],
  };
}

/** A table of which rows get numbers of their own. */
export function withoutId(table: Table): Table {
  return { ...table, columns: table.columns.filter(({ name }) => name !== "id") };
}
