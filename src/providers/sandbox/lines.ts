/**
 * Lines out of a plugin's pipe, however long it makes them.
 *
 * @module
 */

/** What {@linkcode readLines} does with a pipe. */
export interface LineOptions {
  /** Characters of the longest line that is taken whole. */
  readonly longest: number;
  /** Told of each line. */
  readonly onLine: (line: string) => void;
  /** Told once for each line that is longer, with its beginning. */
  readonly onTooLong: (beginning: string) => void;
}

/** Reads a pipe to its end. Keeps no more than one line of the longest length. */
export async function readLines(
  pipe: ReadableStream<Uint8Array>,
  { longest, onLine, onTooLong }: LineOptions,
): Promise<void> {
  const decoder = new TextDecoder();
  let pending = "";
  /** Whether the rest of the line belongs to one that was too long. */
  let skipping = false;
  for await (const chunk of pipe) {
    pending += decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = pending.indexOf("\n"); end !== -1; end = pending.indexOf("\n", start)) {
      const line = pending.slice(start, end);
      start = end + 1;
      if (skipping) skipping = false;
      else if (line.length > longest) onTooLong(line.slice(0, longest));
      else onLine(line);
    }
    pending = pending.slice(start);
    if (skipping) pending = "";
    else if (pending.length > longest) {
      onTooLong(pending.slice(0, longest));
      skipping = true;
      pending = "";
    }
  }
  if (pending !== "") onLine(pending);
}
