/**
 * A chat completions endpoint for benchmarks, in a process of its own: prints its port, and answers
 * after a wait (`{"delayMs": 50}` in its argument), streamed in so many pieces, in one piece where no
 * stream was asked for. Answers those that ask with `burst` at once, when so many have asked.
 *
 * @module
 */

interface Shape {
  /** Milliseconds until an answer. */
  readonly delayMs: number;
  /** Pieces in which a streamed answer comes, 2 ms apart. */
  readonly pieces: number;
  /** Answers that are held back until there are so many; 0 for none. */
  readonly burst: number;
}

const WORDS = "The answer to this question is of course forty two and no other number".split(" ");
const USAGE = { prompt_tokens: 9, completion_tokens: 14, total_tokens: 23 };

const { delayMs, pieces, burst }: Shape = JSON.parse(Deno.args[0] ?? "");
const events = [
  chunk({ role: "assistant", content: "" }),
  ...WORDS.map((word) => chunk({ content: `${word} ` })),
  chunk({}, "stop"),
  event({ choices: [], usage: USAGE }),
  "data: [DONE]\n\n",
];
const streamPieces = Array.from({ length: pieces }, (_, piece) => {
  const size = Math.ceil(events.length / pieces);
  return new TextEncoder().encode(events.slice(piece * size, (piece + 1) * size).join(""));
}).filter((bytes) => bytes.length > 0);
const whole = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{
    index: 0,
    finish_reason: "stop",
    message: { role: "assistant", content: WORDS.join(" ") },
  }],
  usage: USAGE,
});
let held: (() => void)[] = [];

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  // deno-lint-ignore no-console -- how its port is told
  onListen: ({ port }) => console.log(port),
}, async (request) => {
  const { stream } = await request.json();
  await (burst > 0 ? everybody() : wait(delayMs));
  if (!stream) return new Response(whole, { headers: { "content-type": "application/json" } });
  const body = streamPieces.length === 1 ? streamPieces[0] : ReadableStream.from(oneByOne());
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
});

/** Resolves, for all that wait, when so many wait. */
function everybody(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  held.push(resolve);
  if (held.length === burst) {
    for (const release of held) release();
    held = [];
  }
  return promise;
}

async function* oneByOne(): AsyncGenerator<Uint8Array> {
  for (const [index, piece] of streamPieces.entries()) {
    if (index > 0) await wait(2);
    yield piece;
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function chunk(delta: Record<string, string>, finish_reason: string | null = null): string {
  return event({ choices: [{ index: 0, delta, logprobs: null, finish_reason }], usage: null });
}

function event(fields: Record<string, unknown>): string {
  const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m" };
  return `data: ${JSON.stringify({ ...head, ...fields })}\n\n`;
}
