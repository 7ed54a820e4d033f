/**
 * Rows from CSV.
 *
 * @module
 */
import { badRow } from "../evaluation/bad_row.ts";
import { csvRecords } from "./csv_record.ts";
import { DatasetError, lineError } from "./dataset_error.ts";
import { type Lines, rowStream } from "./row_stream.ts";
import type { SourceOptions } from "./source.ts";

/** Options for {@linkcode csv}. */
export interface CsvOptions extends SourceOptions {
  /**
   * What separates fields: `"\t"` for TSV.
   *
   * @default {","}
   */
  readonly separator?: string;
  /** The names of the columns, for a file whose first record is a row already. */
  readonly columns?: readonly string[];
}

/**
 * The rows of a CSV file (RFC 4180), read as a stream; all values are strings.
 *
 * The first record names the columns, blanks around names left out. Quoted fields may hold
 * separators, quotes (`""`) and line ends. Paths and URLs are those of {@linkcode jsonl}. Each
 * iteration opens the file anew and closes it at its end.
 *
 * Blank lines are skipped. A record that is malformed, or has too many or too few fields,
 * becomes an item with an error that names path and line, and the other rows run. The type of the
 * rows is taken on trust.
 *
 * @throws {DatasetError} in the iteration: `dataset-missing`, `dataset-http`, `dataset-unreadable`,
 * or `dataset-header` where the first record is malformed or names a column twice
 *
 * @example
 * ```ts
 * import { csv } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(path, 'text,label\n"Good, really",positive\n');
 * const rows = await Array.fromAsync(csv<{ text: string; label: string }>(path));
 * assertEquals(rows, [{ text: "Good, really", label: "positive" }]);
 * ```
 */
export function csv<Row = Record<string, string>>(
  path: string | URL,
  options: CsvOptions = {},
): AsyncIterable<Row> {
  const { separator = ",", columns, ...source } = options;
  if (separator === "" || /["\r\n]/.test(separator)) {
    throw new TypeError(
      `The separator ${JSON.stringify(separator)} cannot separate fields of CSV.`,
    );
  }
  return rowStream<Row>(
    path,
    (lines, name) => csvRows<Row>(lines, name, { separator, columns }),
    source,
  );
}

async function* csvRows<Row>(
  lines: Lines,
  path: string,
  { separator, columns }: { separator: string; columns: readonly string[] | undefined },
): AsyncGenerator<Row, void> {
  let names = columns && checkNames(columns, path, undefined);
  for await (const record of csvRecords(lines, separator)) {
    const { line, text } = record;
    if ("problem" in record) {
      if (names === undefined) throw headerError(path, line, record.problem);
      yield badRow(lineError(path, line, record.problem), text) as Row;
    } else if (names === undefined) {
      names = checkNames(record.fields.map((name) => name.trim()), path, line);
    } else if (record.fields.length !== names.length) {
      const problem = `the record has ${count(record.fields.length)}, and there are ` +
        `${names.length} columns (${names.join(separator === "\t" ? ", " : separator)})`;
      yield badRow(lineError(path, line, problem), text) as Row;
    } else {
      yield rowOf(names, record.fields) as Row;
    }
  }
}

function rowOf(names: readonly string[], fields: readonly string[]): Record<string, string> {
  const row: Record<string, string> = {};
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? "";
    const value = fields[index] ?? "";
    if (name === "__proto__") {
      Object.defineProperty(row, name, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else row[name] = value;
  }
  return row;
}

function checkNames(
  names: readonly string[],
  path: string,
  line: number | undefined,
): readonly string[] {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return names;
  throw headerError(path, line, `the column ${JSON.stringify(twice)} is named twice`);
}

function headerError(path: string, line: number | undefined, problem: string): DatasetError {
  const place = line === undefined ? path : `${path}, line ${line}`;
  return new DatasetError(`${place}: ${problem}, in the names of the columns.`, {
    code: "dataset-header",
    path,
    line,
    hint: "The first record must name each column once; the option columns names them instead.",
  });
}

function count(fields: number): string {
  return fields === 1 ? "1 field" : `${fields} fields`;
}
