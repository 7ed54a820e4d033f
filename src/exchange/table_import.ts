/**
 * Reads results from rows of a table: what `table_row.ts` makes, and what people add to it.
 *
 * @module
 */
import { decode, encode } from "../values/tagged.ts";
import { jsonOf } from "./cell.ts";
import type { ResultEntry } from "./entry.ts";
import { importError } from "./fields.ts";
import { parseLine } from "./parse_line.ts";

const NUMBERS: readonly string[] = ["position", "repeat", "attempts", "durationMs"];
const JSON_TEXTS: readonly string[] = ["row", "prompt", "response", "metadata"];

/** The result of a row, whose cells come by the names of their columns; empty ones are left out. */
export function resultOfCells(cells: ReadonlyMap<string, string>, place: string): ResultEntry {
  const line: Record<string, unknown> = { type: "result", variant: {}, calls: [], scores: [] };
  for (const [column, cell] of cells) {
    if (NUMBERS.includes(column)) line[column] = Number(cell);
    else if (JSON_TEXTS.includes(column)) line[column] = jsonOf(cell);
    else if (column === "gone") line.gone = cell === "true";
    else if (column === "calls" || column === "scores" || column === "variant") {
      line[column] = jsonOf(cell);
    } else if (column === "key" || column === "startedAt") line[column] = cell;
  }
  line.evaluation = textOf(cells.get("evaluation"), place);
  const error = cells.get("error");
  if (error !== undefined) {
    const stack = cells.get("errorStack");
    line.error = {
      name: textOf(error, place),
      message: textOf(cells.get("errorMessage") ?? '""', place),
      ...stack !== undefined && { stack: textOf(stack, place) },
    };
  }
  const row = namedCells(cells, "row.");
  if (row.length > 0) line.row = Object.fromEntries(row);
  const metadata = new Map(Object.entries(jsonOf(cells.get("scoreMetadata") ?? "{}") ?? {}));
  const scores = namedCells(cells, "score.").map(([name, value]) => ({
    name,
    value,
    ...metadata.has(name) && { metadata: metadata.get(name) },
  }));
  if (scores.length > 0) line.scores = scores;
  const entry = parseLine(line, place);
  if (entry.type !== "result") throw importError(place, "it is no result");
  return entry;
}

/** The cells of columns that begin so, by the rest of their names. */
function namedCells(
  cells: ReadonlyMap<string, string>,
  prefix: string,
): readonly (readonly [name: string, json: unknown])[] {
  return [...cells].flatMap(([column, cell]) =>
    column.startsWith(prefix)
      ? [[String(jsonOf(column.slice(prefix.length))), jsonOf(cell)] as const]
      : []
  );
}

/** A name, even where it reads as a number. */
function textOf(cell: string | undefined, place: string): string {
  if (cell === undefined) throw importError(place, "the evaluation is not named");
  const value = decode(JSON.stringify(jsonOf(cell) ?? ""));
  return typeof value === "string" ? value : encode(value);
}
