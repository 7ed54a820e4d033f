/**
 * A server that speaks as much of OpenAI's API as the tests need, and is strict about it.
 *
 * @module
 */

/** The fields that the server knows; anything else is refused, as OpenAI does. */
const KNOWN = [
  "model",
  "messages",
  "temperature",
  "max_tokens",
  "stop",
  "seed",
  "response_format",
  "tools",
  "top_k",
  "stream",
  "stream_options",
];

/** A request that arrived. */
export interface Seen {
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
  readonly path: string;
}

/** A server that runs. */
export interface Endpoint extends AsyncDisposable {
  readonly baseUrl: string;
  readonly seen: Seen[];
}

/** A real server that answers each request by `answer`, after checking what it was sent. */
export function serve(answer: (seen: Seen) => Response | Promise<Response>): Endpoint {
  const seen: Seen[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const body: Record<string, unknown> = await request.json();
    const entry = { body, headers: request.headers, path: new URL(request.url).pathname };
    seen.push(entry);
    const unknown = Object.keys(body).filter((field) => !KNOWN.includes(field));
    if (entry.path === "/v1/chat/completions" && unknown.length > 0) {
      return failure(400, { message: `Unrecognized request argument supplied: ${unknown}` });
    }
    return await answer(entry);
  });
  return {
    baseUrl: `http://127.0.0.1:${server.addr.port}/v1`,
    seen,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** An answer to a chat completion request. */
export function completion(
  message: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Response {
  return Response.json({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", ...message } }],
    usage: {
      prompt_tokens: 7,
      completion_tokens: 3,
      total_tokens: 10,
      prompt_tokens_details: { cached_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 1 },
    },
    ...more,
  });
}

/** An error as the API answers it. */
export function failure(
  status: number,
  error: Record<string, unknown>,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ error }, { status, headers });
}
