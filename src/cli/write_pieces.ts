/**
 * Output that comes in many small pieces.
 *
 * @module
 */
import type { TextSink } from "./command.ts";

const AT_ONCE = 64 * 1024;

/** Writes pieces of text or bytes in order, many texts at once. */
export async function writePieces(
  sink: TextSink,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  let text = "";
  for await (const piece of pieces) {
    if (typeof piece === "string") {
      text += piece;
      if (text.length < AT_ONCE) continue;
    }
    if (text !== "") sink.write(text);
    text = "";
    if (typeof piece !== "string") sink.writeBytes(piece);
  }
  if (text !== "") sink.write(text);
}
