/**
 * Imports what the format `parquet` holds.
 *
 * @module
 */
import { parquetMetadataAsync } from "hyparquet";
import { openParquet, parquetBuffer } from "../datasets/parquet_file.ts";
import { messageOf } from "../errors.ts";
import type { Entry } from "./entry.ts";
import { importError } from "./fields.ts";
import { METADATA_KEY } from "./parquet_export.ts";
import { parseLine } from "./parse_line.ts";
import { resultOfCells } from "./table_import.ts";

/** The evaluations and results in a file, a row group at a time. */
export async function* entriesOfParquet(path: string): AsyncGenerator<Entry> {
  using file = await Deno.open(path);
  for (const line of await headerOf(file, path)) yield parseLine(JSON.parse(line), path);
  const { signal } = new AbortController();
  let number = 0;
  for await (const row of openParquet(file, { name: path, columns: undefined, signal })) {
    number++;
    const cells = Object.entries(row as Readonly<Record<string, unknown>>).flatMap(
      ([name, value]) => {
        if (value === null || value === undefined) return [];
        return [[name, value instanceof Date ? value.toISOString() : String(value)] as const];
      },
    );
    yield resultOfCells(new Map(cells), `${path}, row ${number}`);
  }
}

async function headerOf(file: Deno.FsFile, path: string): Promise<readonly string[]> {
  try {
    const metadata = await parquetMetadataAsync(await parquetBuffer(file));
    const text = metadata.key_value_metadata?.find(({ key }) => key === METADATA_KEY)?.value ?? "";
    return text.split("\n").filter((line) => line !== "");
  } catch (cause) {
    throw importError(path, `it is no Parquet file: ${messageOf(cause)}`, cause);
  }
}
