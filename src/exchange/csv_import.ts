/**
 * Imports what the format `csv` holds.
 *
 * @module
 */
import { csvRecords } from "../datasets/csv_record.ts";
import type { Entry } from "./entry.ts";
import { importError } from "./fields.ts";
import { allLines } from "./import_file.ts";
import { resultOfCells } from "./table_import.ts";

const NEEDED = ["evaluation", "key", "position", "repeat", "attempts", "startedAt", "durationMs"];

/** The results in a file, as they are read. */
export async function* entriesOfCsv(path: string): AsyncGenerator<Entry> {
  let columns: readonly string[] | undefined;
  for await (const record of csvRecords(allLines(path), ",")) {
    const place = `${path}, line ${record.line}`;
    if ("problem" in record) throw importError(place, record.problem);
    const { fields } = record;
    if (columns === undefined) {
      const missing = NEEDED.find((name) => !fields.includes(name));
      if (missing !== undefined) throw importError(place, `there is no column "${missing}"`);
      columns = fields;
      continue;
    }
    if (fields.length !== columns.length) {
      const count = `it has ${fields.length} fields, and there are ${columns.length} columns`;
      throw importError(place, count);
    }
    const cells = columns.map((name, at) => [name, fields[at] ?? ""] as const);
    yield resultOfCells(new Map(cells.filter(([, cell]) => cell !== "")), place);
  }
  if (columns === undefined) throw importError(path, "it is empty");
}
