/**
 * A chat completions endpoint for benchmarks, in a process of its own: prints its port, answers each
 * question with itself after a wait (`{"delayMs": 200}` in its argument), streamed where that was
 * asked for, and tells at `/counts` what it was asked since the last look.
 *
 * @module
 */

/** What {@linkcode Deno.serve} here tells at `/counts`. */
export interface Counts {
  /** Questions in all. */
  readonly requests: number;
  /** Different ones among them. */
  readonly distinct: number;
  /** Milliseconds from a question's arrival until its answer was handed over, in the middle. */
  readonly medianMs: number;
}

const HEADERS = {
  json: { "content-type": "application/json" },
  events: { "content-type": "text/event-stream" },
};
const HEAD = { id: "chatcmpl-1", created: 1, model: "m" };
const USAGE = '{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}';
const CHUNK = JSON.stringify({ ...HEAD, object: "chat.completion.chunk" }).slice(0, -1);
const WHOLE = JSON.stringify({ ...HEAD, object: "chat.completion" }).slice(0, -1);

if (import.meta.main) serve(JSON.parse(Deno.args[0] ?? "").delayMs);

function serve(delayMs: number): void {
  let prompts: string[] = [];
  let took: number[] = [];
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    // deno-lint-ignore no-console -- how its port is told
    onListen: ({ port }) => console.log(port),
  }, async (request) => {
    const start = performance.now();
    if (request.method === "GET") {
      const counts = countsOf(prompts, took);
      [prompts, took] = [[], []];
      return Response.json(counts);
    }
    const { stream, messages } = await request.json();
    const prompt: string = messages.at(-1).content;
    prompts.push(prompt);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    took.push(performance.now() - start);
    const text = JSON.stringify(prompt);
    return stream
      ? new Response(streamed(text), { headers: HEADERS.events })
      : new Response(whole(text), { headers: HEADERS.json });
  });
}

function countsOf(prompts: readonly string[], took: readonly number[]): Counts {
  return {
    requests: prompts.length,
    distinct: new Set(prompts).size,
    medianMs: took.toSorted((a, b) => a - b)[took.length >> 1] ?? NaN,
  };
}

function whole(text: string): string {
  const message = `{"role":"assistant","content":${text}}`;
  return `${WHOLE},"choices":[{"index":0,"finish_reason":"stop","message":${message}}],"usage":${USAGE}}`;
}

function streamed(text: string): string {
  return [
    `${CHUNK},"choices":[{"index":0,"delta":{"role":"assistant","content":${text}}}]}`,
    `${CHUNK},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`,
    `${CHUNK},"choices":[],"usage":${USAGE}}`,
    "[DONE]",
  ].map((data) => `data: ${data}\n\n`).join("");
}
