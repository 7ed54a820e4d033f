/**
 * Reads a Parquet file; imported only where there is one.
 *
 * @module
 */
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { messageOf } from "../errors.ts";
import { DatasetError } from "./dataset_error.ts";
import { plainNumbers } from "./plain_numbers.ts";

/** What of the file is read, and what it is called in messages. */
export interface ParquetFileOptions {
  readonly name: string;
  readonly columns: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/** The rows of an open file, one row group at a time. */
export async function* openParquet(
  handle: Deno.FsFile,
  { name, columns, signal }: ParquetFileOptions,
): AsyncGenerator<unknown, void> {
  const file = await parquetBuffer(handle);
  const metadata = await attempt(name, "it is no Parquet file", () => parquetMetadataAsync(file));
  let start = 0;
  for (const { num_rows } of metadata.row_groups) {
    const end = start + Number(num_rows);
    const range = { rowStart: start, rowEnd: end };
    const rows = await attempt(
      name,
      `its rows ${start + 1} to ${end} cannot be unpacked`,
      () =>
        parquetReadObjects({
          file,
          metadata,
          compressors,
          // Bytes that are no text would not be themselves any more.
          utf8: false,
          ...range,
          ...columns && { columns: [...columns] },
        }),
    );
    for (const row of rows) {
      if (signal.aborted) return;
      yield plainNumbers(row);
    }
    start = end;
  }
}

/** A file whose parts are read in any order. */
export async function parquetBuffer(file: Deno.FsFile): Promise<AsyncBuffer> {
  const { size } = await file.stat();
  let last = Promise.resolve();
  /** One at a time: the file has one position. */
  async function slice(start: number, end = size): Promise<ArrayBuffer> {
    const before = last;
    const turn = Promise.withResolvers<void>();
    last = turn.promise;
    await before;
    try {
      const bytes = new Uint8Array(end - start);
      await file.seek(start, Deno.SeekMode.Start);
      for (let at = 0; at < bytes.length;) {
        const count = await file.read(bytes.subarray(at));
        if (count === null) throw new Error("the file ends too early");
        at += count;
      }
      return bytes.buffer;
    } finally {
      turn.resolve();
    }
  }
  return { byteLength: size, slice };
}

async function attempt<Value>(
  path: string,
  problem: string,
  read: () => Promise<Value>,
): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    throw new DatasetError(
      `The dataset ${path} cannot be read: ${problem}: ${messageOf(cause)}.`,
      { code: "dataset-unreadable", path, cause },
    );
  }
}
