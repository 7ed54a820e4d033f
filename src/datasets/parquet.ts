/**
 * Rows from Parquet.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import { DatasetError } from "./dataset_error.ts";
import { nameOf, openSource, type SourceOptions } from "./source.ts";
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
 * Whole numbers are numbers as far as these are exact, and bigints beyond. The type of the rows is taken on trust.
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
  await using copy = await copyOf(path, name, { ...source, signal });
  if (copy === undefined) return;
  yield* openParquet(copy.path, { name, columns, signal }) as AsyncGenerator<Row, void>;
}

/** A copy whose parts can be read in any order; `undefined` where nobody waits for it any more. */
async function copyOf(
  path: string | URL,
  name: string,
  options: SourceOptions & { readonly signal: AbortSignal },
): Promise<(AsyncDisposable & { readonly path: string }) | undefined> {
  const copy = await Deno.makeTempFile({ suffix: ".parquet" });
  try {
    const bytes = await openSource(path, options);
    await Deno.writeFile(copy, bytes, { signal: options.signal });
    return { path: copy, [Symbol.asyncDispose]: () => Deno.remove(copy) };
  } catch (cause) {
    await Deno.remove(copy);
    if (options.signal.aborted) return undefined;
    if (cause instanceof DatasetError || cause instanceof TypeError) throw cause;
    throw new DatasetError(`The dataset ${name} breaks off: ${messageOf(cause)}.`, {
      code: "dataset-unreadable",
      path: name,
      cause,
    });
  }
}
