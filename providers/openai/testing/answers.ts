/**
 * Answers as OpenAI's API gives them.
 *
 * @module
 */

type Fields = Record<string, unknown>;

const USAGE = {
  prompt_tokens: 7,
  completion_tokens: 3,
  total_tokens: 10,
  prompt_tokens_details: { cached_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 1 },
};

/** An answer in one piece to a chat completion request. */
export function completion(message: Fields, more: Fields = {}): Response {
  return Response.json({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", ...message } }],
    usage: USAGE,
    ...more,
  });
}

/** The events of a streamed chat completion: one for each delta, why it ended, the usage. */
export function chunks(deltas: readonly Fields[], reason = "stop"): string[] {
  const chunk = (more: Fields) =>
    data({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m", ...more });
  const choice = (delta: Fields, finish_reason: string | null) =>
    chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason }], usage: null });
  return [
    choice({ role: "assistant", content: "", refusal: null }, null),
    ...deltas.map((delta) => choice(delta, null)),
    choice({}, reason),
    chunk({ choices: [], usage: USAGE }),
    "data: [DONE]\n\n",
  ];
}

/** An object of the responses API, and the events that stream it. */
export function responseObject(output: readonly Fields[], more: Fields = {}): Fields {
  return {
    id: "resp_1",
    object: "response",
    created_at: 1,
    status: "completed",
    error: null,
    incomplete_details: null,
    model: "m",
    output,
    usage: {
      input_tokens: 7,
      output_tokens: 3,
      total_tokens: 10,
      input_tokens_details: { cached_tokens: 2 },
      output_tokens_details: { reasoning_tokens: 1 },
    },
    ...more,
  };
}

/** A message in a response's output. */
export function outputText(text: string): Fields {
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text, annotations: [] }],
  };
}

/** An answer that comes as events, piece by piece. */
export function streamed(pieces: Iterable<string> | AsyncIterable<string>): Response {
  return new Response(ReadableStream.from(pieces).pipeThrough(new TextEncoderStream()), {
    headers: { "content-type": "text/event-stream; charset=utf-8" },
  });
}

/** One event. */
export function data(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** An error as the API answers it. */
export function failure(
  status: number,
  error: Fields,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ error }, { status, headers });
}
