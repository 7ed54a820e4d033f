/**
 * Output that comes in many small pieces.
 *
 * @module
 */
import type { TextSink } from "./command.ts";

/** Text and bytes, in order. */
export type Pieces =
  | Iterable<string | Uint8Array<ArrayBuffer>>
  | AsyncIterable<string | Uint8Array<ArrayBuffer>>;

const AT_ONCE = 64 * 1024;

/** Writes pieces in order, many texts at once. */
export async function writePieces(
  sink: Pick<TextSink, "writeBytes">,
  pieces: Pieces,
): Promise<void> {
  for await (const chunk of chunksOf(pieces)) sink.writeBytes(chunk);
}

/** The bytes of pieces, those of many texts together. */
export async function* chunksOf(pieces: Pieces): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let text = "";
  for await (const piece of pieces) {
    if (typeof piece === "string") {
      text += piece;
      if (text.length < AT_ONCE) continue;
    }
    if (text !== "") yield encoder.encode(text);
    text = "";
    if (typeof piece !== "string") yield piece;
  }
  if (text !== "") yield encoder.encode(text);
}
