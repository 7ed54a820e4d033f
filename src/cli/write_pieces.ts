/**
 * Output that comes in many small pieces.
 *
 * @module
 */
import type { TextSink } from "./command.ts";

const AT_ONCE = 64 * 1024;

/** Writes pieces of text in order, many of them at once. */
export async function writePieces(
  sink: TextSink,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  let text = "";
  for await (const piece of pieces) {
    text += piece;
    if (text.length < AT_ONCE) continue;
    sink.write(text);
    text = "";
  }
  if (text !== "") sink.write(text);
}
