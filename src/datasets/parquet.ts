/**
 * Rows from Parquet.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import { DatasetError } from "./dataset_error.ts";
import { namelessCopy } from "./nameless_file.ts";
import { nameOf, openSource, openUnpacked, type SourceOptions } from "./source.ts";
import { stoppable } from "./stoppable.ts";

/** Options for {@linkcode parquet}. */
export interface ParquetOptions extends SourceOptions {
  /** The columns to read; the others are not unpacked. */
  readonly columns?: readonly string[];
}

/** Loaded with the first row: its packages are large. */
const READER = "./parquet_file.ts";

/**
 * The rows of a Parquet file, one row group in memory at a time.
 *
 * Paths and URLs are those of {@linkcode jsonl}; a file on a server is downloaded before the first row.
 * Whole numbers are numbers as far as these are exact, and bigints beyond; bytes that the file does not call text are
 * a `Uint8Array`. The type of the rows is taken on trust.
 *
 * @throws {DatasetError} in the iteration: `dataset-missing`, `dataset-http`, `dataset-changed`, or
 * `dataset-unreadable`, which names the rows that cannot be read
 *
 * @example
 * ```ts
 * import { parquet } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 * import { parquetWriteBuffer } from "hyparquet-writer";
 *
 * const path = await Deno.makeTempFile({ suffix: ".parquet" });
 * const columnData = [{ name: "question", data: ["2 + 2?"] }, { name: "answer", data: [4] }];
 * await Deno.writeFile(path, new Uint8Array(parquetWriteBuffer({ columnData })));
 * const rows = parquet<{ question: string; answer: number }>(path);
 * assertEquals(await Array.fromAsync(rows), [{ question: "2 + 2?", answer: 4 }]);
 * ```
 */
export function parquet<Row = Record<string, unknown>>(
  path: string | URL,
  options: ParquetOptions = {},
): AsyncIterable<Row> {
  return stoppable((signal) => parquetRows<Row>(path, { ...options, signal }));
}

/** The rows of a Parquet file, once; none any more when `signal` is aborted. */
export async function* parquetRows<Row>(
  path: string | URL,
  { columns, signal, ...source }: ParquetOptions & { readonly signal: AbortSignal },
): AsyncGenerator<Row, void> {
  const name = nameOf(path);
  const { openParquet }: typeof import("./parquet_file.ts") = await import(READER);
  using file = await fileOf(path, name, { ...source, signal });
  if (file === undefined) return;
  yield* openParquet(file, { name, columns, signal }) as AsyncGenerator<Row, void>;
}

/** A file whose parts can be read in any order; `undefined` where nobody waits for it any more. */
async function fileOf(
  path: string | URL,
  name: string,
  options: SourceOptions & { readonly signal: AbortSignal },
): Promise<Deno.FsFile | undefined> {
  const local = await openUnpacked(path, options);
  if (local !== undefined) return local;
  try {
    return await namelessCopy(await openSource(path, options), options.signal);
  } catch (cause) {
    if (options.signal.aborted) return undefined;
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(`The dataset ${name} breaks off: ${messageOf(cause)}.`, {
      code: "dataset-unreadable",
      path: name,
      cause,
    });
  }
}
