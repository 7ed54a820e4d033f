/**
 * Server-sent events, read with as little work per piece as there can be.
 *
 * @module
 */

/** Bytes that one read takes at most; an answer's piece is rarely longer. */
const READ_BYTES = 16_384;

/** Told the data and the name of each event; answers whether more of them are wanted. */
export type OnEvent = (data: string, name: string) => boolean;

/**
 * Tells `onEvent` of each event in a body, until it wants no more or the body ends.
 *
 * Reads into one buffer, which goes back and forth: that takes half of what a default reader
 * does with a fresh one for each piece.
 *
 * @throws what reading the body throws, or `onEvent`; the body is then still open
 */
export async function readEventStream(
  body: ReadableStream<Uint8Array>,
  onEvent: OnEvent,
): Promise<void> {
  const decoder = new TextDecoder();
  const push = eventParser(onEvent);
  const reader = body.getReader({ mode: "byob" });
  let buffer = new Uint8Array(READ_BYTES);
  for (;;) {
    const { value, done } = await reader.read(buffer);
    if (done) break;
    if (!push(decoder.decode(value, { stream: true }))) {
      // What is left is the end of the body, which has come with the last event.
      await reader.cancel();
      return;
    }
    buffer = new Uint8Array(value.buffer);
  }
  // Some servers leave out the empty line behind the last event.
  push(`${decoder.decode()}\n\n`);
}

/** Takes text piece by piece; each push answers whether more is wanted. */
export function eventParser(onEvent: OnEvent): (piece: string) => boolean {
  let rest = "";
  let data: string | undefined;
  let name = "";

  /** Whether more is wanted after this line. */
  function line(text: string): boolean {
    if (text === "") {
      const [ended, endedName] = [data, name];
      data = undefined;
      name = "";
      return ended === undefined || onEvent(ended, endedName);
    }
    const value = (from: number) => text.slice(text[from] === " " ? from + 1 : from);
    if (text.startsWith("data:")) data = data === undefined ? value(5) : `${data}\n${value(5)}`;
    else if (text.startsWith("event:")) name = value(6);
    return true;
  }

  return (piece) => {
    let text = rest + piece;
    let held = "";
    if (text.includes("\r")) {
      // A line may end in \r\n, and the piece between them.
      if (text.endsWith("\r")) held = "\r";
      text = text.slice(0, text.length - held.length).replace(/\r\n?/g, "\n");
    }
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      if (!line(text.slice(start, end))) return false;
      start = end + 1;
    }
    rest = text.slice(start) + held;
    return true;
  };
}
