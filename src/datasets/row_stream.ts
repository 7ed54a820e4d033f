/**
 * Datasets that are read as streams, anew for each iteration.
 *
 * @module
 */
import type { Bytes } from "./bytes.ts";
import { type Line, linesOf } from "./lines.ts";
import { nameOf, openSource, type SourceOptions } from "./source.ts";
import { stoppable } from "./stoppable.ts";

/** Lines, as many at a time as were read. */
export type Lines = AsyncIterable<readonly Line[]>;

/** Makes rows out of lines; `path` is the dataset's name in messages. */
export type RowReader<Row> = (lines: Lines, path: string) => AsyncGenerator<Row, void>;

/**
 * A dataset whose every iteration opens the path or URL and reads it as far as rows are pulled.
 *
 * `return()` closes the file or connection, at once even where a read is under way.
 */
export function rowStream<Row>(
  path: string | URL,
  read: RowReader<Row>,
  options: SourceOptions,
): AsyncIterable<Row> {
  return stoppable((signal) => read(openLines(path, options, signal), nameOf(path)));
}

async function* openLines(
  path: string | URL,
  options: SourceOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly Line[], void> {
  const bytes = await openUnless(signal, path, options);
  if (bytes) yield* linesOf(bytes, nameOf(path), signal);
}

/** Opens a path or URL; `undefined` where nobody waits for it any more. */
export async function openUnless(
  signal: AbortSignal,
  path: string | URL,
  options: SourceOptions,
): Promise<Bytes | undefined> {
  try {
    return await openSource(path, { ...options, signal });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
