/**
 * A spool's entries as bytes, a bounded number at a time.
 *
 * @module
 */
import { entryLine, parseEntry, type SpoolEntry } from "./spool_entry.ts";

/** Characters that become bytes at once, so that the event loop is not held. */
const PIECE = 250_000;

const NEWLINE = 10;

/** Entries that were read together. */
export interface ReadEntries {
  readonly entries: readonly SpoolEntry[];
  /** The bytes of their lines; 0 where there is not one whole line. */
  readonly length: number;
}

/** The lines of entries, in pieces. */
export function* linePieces(entries: readonly SpoolEntry[]): Generator<Uint8Array> {
  const bytes = new TextEncoder();
  let piece = "";
  for (const entry of entries) {
    piece += entryLine(entry);
    if (piece.length < PIECE) continue;
    yield bytes.encode(piece);
    piece = "";
  }
  if (piece !== "") yield bytes.encode(piece);
}

/** The entries of the whole lines at the start of a block, up to so many results. */
export function readLines(block: Uint8Array, most: number): ReadEntries {
  const text = new TextDecoder();
  const entries: SpoolEntry[] = [];
  let [length, results] = [0, 0];
  while (results < most) {
    const end = block.indexOf(NEWLINE, length);
    if (end === -1) break;
    // A line that is none was cut off by a power loss: its results were not promised.
    const entry = parseEntry(text.decode(block.subarray(length, end)));
    length = end + 1;
    if (entry === undefined) continue;
    entries.push(entry);
    if (entry.type === "result") results++;
  }
  return { entries, length };
}

/** How many entries are results. */
export function resultsAmong(entries: readonly SpoolEntry[]): number {
  return entries.reduce((sum, { type }) => sum + (type === "result" ? 1 : 0), 0);
}

/** The bytes of a file up to the first end of a line; `undefined` where there is none. */
export function firstLine(block: Uint8Array): string | undefined {
  const end = block.indexOf(NEWLINE);
  return end === -1 ? undefined : new TextDecoder().decode(block.subarray(0, end));
}
