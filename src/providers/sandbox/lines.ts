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
  /** The beginning of the line that is not at its end, in the pieces that it came in. */
  let pieces: string[] = [];
  let length = 0;
  /** Whether the rest of the line belongs to one that was too long. */
  let skipping = false;
  for await (const chunk of pipe) {
    const text = decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      pieces.push(text.slice(start, end));
      start = end + 1;
      const line = pieces.join("");
      pieces = [];
      length = 0;
      if (skipping) skipping = false;
      else if (line.length > longest) onTooLong(line.slice(0, longest));
      else onLine(line);
    }
    if (skipping || start === text.length) continue;
    pieces.push(text.slice(start));
    length += text.length - start;
    if (length <= longest) continue;
    onTooLong(pieces.join("").slice(0, longest));
    skipping = true;
    pieces = [];
    length = 0;
  }
  if (length > 0) onLine(pieces.join(""));
}
