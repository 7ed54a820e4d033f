import { assertEquals } from "@std/assert";
import { readEventStream } from "./event_stream.ts";

const TEXT = ": hello\r\ndata: one\r\ndata: more\r\n\r\n" +
  "event: error\ndata:two\ndata:  lines\n\n" +
  "\n\ndata\nid: 7\nretry: 10\ndata: é€😀\r\rdata: last";
const EVENTS = [["one\nmore", ""], ["two\n lines", "error"], ["é€😀", ""], ["last", ""]];

Deno.test("readEventStream() finds the same events wherever the bytes are cut", async () => {
  const bytes = new TextEncoder().encode(TEXT);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const seen: string[][] = [];
    await readEventStream(bodyOf(bytes.slice(0, cut), bytes.slice(cut)), (data, name) => {
      seen.push([data, name]);
    });
    assertEquals(seen, EVENTS, `cut at ${cut}`);
  }
});

Deno.test("readEventStream() reads an event that is longer than its buffer", async () => {
  const long = "x".repeat(100_000);
  const seen: string[] = [];
  await readEventStream(bodyOf(new TextEncoder().encode(`data: ${long}\n\n`)), (data) => {
    seen.push(data);
  });
  assertEquals(seen, [long]);
});

/** A body that comes in these pieces: each waits to be asked for, else one read would take all. */
function bodyOf(...pieces: Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array> {
  const left = pieces.filter((piece) => piece.length > 0).values();
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { value, done } = left.next();
      if (!done) controller.enqueue(value);
      else {
        controller.close();
        controller.byobRequest?.respond(0);
      }
    },
  }, { highWaterMark: 0 });
}
