/**
 * Splits bytes into lines of UTF-8, numbered.
 *
 * Our own, not `TextLineStream`: that one joins and searches a long line anew with every chunk,
 * drops the `\r` that belongs to a quoted CSV field, and cannot tell which line is not UTF-8.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import { DatasetError } from "./dataset_error.ts";
import { type Bytes, joined } from "./bytes.ts";
import { chunksOf } from "./chunks.ts";

/** One line, without the `\n` that ends it. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Whether it is UTF-8; where it is not, its text has U+FFFD in some places. */
  readonly valid: boolean;
}

const NEWLINE = 10;
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The lines of a stream, as many at a time as a chunk brings; ends early once `signal` is aborted.
 *
 * A byte order mark before the first line is dropped. Leaving the iteration cancels the stream.
 *
 * @throws {DatasetError} if the stream breaks, naming `path` and the last line that was read
 */
export async function* linesOf(
  bytes: Bytes,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Line[], void> {
  let held: Uint8Array[] = [];
  let number = 1;
  const broken = (cause: unknown) =>
    new DatasetError(
      `The dataset ${path} breaks off after line ${number - 1}: ${messageOf(cause)}.`,
      { code: "dataset-unreadable", path, cause },
    );
  for await (const chunk of chunksOf(bytes, signal, broken)) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end === -1) {
      held.push(chunk);
      continue;
    }
    const block = joined([...held, chunk.subarray(0, end)]);
    held = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    const lines = split(block, number);
    number += lines.length;
    yield lines;
  }
  if (held.length > 0 && !signal.aborted) yield split(joined(held), number);
}

/** The lines of a block that ends where a line ends. */
function split(block: Uint8Array, first: number): readonly Line[] {
  let text: string;
  try {
    text = strict.decode(block);
  } catch {
    return splitBytes(block, first);
  }
  if (first === 1 && text.startsWith("\ufeff")) text = text.slice(1);
  return text.split("\n").map((line, index) => ({
    number: first + index,
    text: line,
    valid: true,
  }));
}

/** Some line of the block is not UTF-8: finds out which. */
function splitBytes(block: Uint8Array, first: number): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= block.length;) {
    const newline = block.indexOf(NEWLINE, start);
    const end = newline === -1 ? block.length : newline;
    const bytes = block.subarray(start, end);
    const number = first + lines.length;
    try {
      const text = strict.decode(bytes);
      lines.push({ number, text: number === 1 ? text.replace(/^\ufeff/, "") : text, valid: true });
    } catch {
      lines.push({ number, text: lenient.decode(bytes), valid: false });
    }
    start = end + 1;
  }
  return lines;
}
