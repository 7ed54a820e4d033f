/**
 * Server-sent events, read with as little work per piece as there can be.
 *
 * @module
 */

/** Bytes that one read takes at most; an answer's piece is rarely longer. */
const READ_BYTES = 16_384;

/** Buffers of streams that have ended, for the next ones: garbage of this size is costly. */
const spare: Uint8Array<ArrayBuffer>[] = [];

/** Spare buffers that are kept; more answers than these are rarely read in one moment. */
const MOST_SPARE = 64;

/** Told the data and the name of each event. */
export type OnEvent = (data: string, name: string) => void;

/**
 * Tells `onEvent` of each event in a body.
 *
 * Reads into one buffer, which goes back and forth: that takes half of what a default reader
 * does with a fresh one for each piece. Reads to the body's end, whatever the events say: a
 * connection is not used again whose answer was left unfinished.
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
  let buffer = spare.pop() ?? new Uint8Array(READ_BYTES);
  for (;;) {
    const { value, done } = await reader.read(buffer);
    if (value) buffer = new Uint8Array(value.buffer);
    if (done) break;
    push(decoder.decode(value, { stream: true }));
  }
  if (buffer.length === READ_BYTES && spare.length < MOST_SPARE) spare.push(buffer);
  // Some servers leave out the empty line behind the last event.
  push(`${decoder.decode()}\n\n`);
}

/** Makes a function that takes a stream's text piece by piece. */
function eventParser(onEvent: OnEvent): (piece: string) => void {
  let rest = "";
  let data: string | undefined;
  let name = "";

  function line(text: string): void {
    const value = (from: number) => text.slice(text[from] === " " ? from + 1 : from);
    if (text.startsWith("data:")) data = data === undefined ? value(5) : `${data}\n${value(5)}`;
    else if (text.startsWith("event:")) name = value(6);
    else if (text === "") {
      if (data !== undefined) onEvent(data, name);
      data = undefined;
      name = "";
    }
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
      line(text.slice(start, end));
      start = end + 1;
    }
    rest = text.slice(start) + held;
  };
}
