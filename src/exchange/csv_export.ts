/**
 * The format `csv`: a record for each result, with a column for each column of its row and each score.
 *
 * Results are read twice: once for the names of the columns, which stand first.
 *
 * @module
 */
import type { ReportSource } from "../report/reporter.ts";
import type { StoredRecord } from "../storage/stored_record.ts";
import { TAG } from "../values/tagged.ts";
import { cellOf } from "./cell.ts";
import { cellsOf, LEADING_COLUMNS, scoreCell, TRAILING_COLUMNS } from "./table_row.ts";

/** Columns that rows may have in all; with more, a row is one column. */
const MOST_COLUMNS = 1_000;

/** The text, in pieces of whole records. */
export async function* csvText(source: Omit<ReportSource, "folder">): AsyncGenerator<string> {
  const { report, storage } = source;
  const { rows, scores } = await namesIn(source);
  const isOne = rows.size > MOST_COLUMNS;
  const rowNames = isOne ? [] : [...rows];
  const scoreNames = [...scores];
  yield csvRecord([
    ...LEADING_COLUMNS,
    "row",
    ...rowNames.map((name) => `row.${nameCell(name)}`),
    "prompt",
    "response",
    ...scoreNames.map((name) => `score.${nameCell(name)}`),
    ...TRAILING_COLUMNS,
  ]);
  for (const { stored } of report.evaluations) {
    for await (const record of storage.records(stored.id)) {
      const cells = cellsOf(record, stored);
      const columns = isOne ? undefined : columnsOf(record);
      const values = new Map(record.scores.map(({ name, value }) => [name, value]));
      yield csvRecord([
        ...LEADING_COLUMNS.map((name) => cells[name] ?? ""),
        columns === undefined ? cellOf(record.row) : "",
        ...rowNames.map((name) => {
          const value = columns?.get(name);
          return value === undefined ? "" : cellOf(JSON.stringify(value));
        }),
        cells.prompt ?? "",
        cells.response ?? "",
        ...scoreNames.map((name) => {
          const value = values.get(name);
          return value === undefined ? "" : scoreCell(value);
        }),
        ...TRAILING_COLUMNS.map((name) => cells[name] ?? ""),
      ]);
    }
  }
}

async function namesIn({ report, storage }: Omit<ReportSource, "folder">) {
  const rows = new Set<string>();
  const scores = new Set<string>();
  for (const { stored } of report.evaluations) {
    for await (const record of storage.records(stored.id)) {
      for (const { name } of record.scores) scores.add(name);
      if (rows.size > MOST_COLUMNS) continue;
      for (const name of columnsOf(record)?.keys() ?? []) rows.add(name);
    }
  }
  return { rows, scores };
}

/** The columns of a row that has names; `undefined` where it is something else. */
function columnsOf({ row }: StoredRecord): ReadonlyMap<string, unknown> | undefined {
  const value: unknown = JSON.parse(row);
  const hasNames = typeof value === "object" && value !== null && !Array.isArray(value) &&
    !Object.hasOwn(value, TAG);
  const columns = hasNames ? Object.entries(value) : [];
  return columns.length === 0 ? undefined : new Map(columns);
}

/** A name as part of a column's. */
function nameCell(name: string): string {
  return cellOf(JSON.stringify(name));
}

/** One record, as RFC 4180 writes it. */
function csvRecord(cells: readonly string[]): string {
  const fields = cells.map((cell) =>
    /["\r\n,]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
  );
  return `${fields.join(",")}\r\n`;
}
