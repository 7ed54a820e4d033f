/**
 * The stand-in's answers to chat completion requests, in the form and with the errors of vLLM.
 *
 * @module
 */
import type { ServeArgs } from "./serve_args.ts";

/** A request's body. */
export interface Asked {
  readonly model?: string;
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[];
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly temperature?: number;
}

/** vLLM's error for a request that it does not take; nothing where it does. */
export function refusal(asked: Asked, args: ServeArgs): Response | undefined {
  if (!args.servedModelNames.includes(asked.model ?? "")) {
    const message = `The model \`${asked.model}\` does not exist.`;
    return failure(404, { message, type: "NotFoundError", param: "model" });
  }
  if (!Array.isArray(asked.messages) || asked.messages.length === 0) {
    const message = "1 validation error: {'type': 'missing', 'loc': ('body', 'messages')}";
    return failure(400, { message, type: "Bad Request", param: null });
  }
  if (asked.temperature !== undefined && !(asked.temperature >= 0)) {
    const message = `temperature must be non-negative, got ${asked.temperature}.`;
    return failure(400, { message, type: "BadRequestError", param: "temperature" });
  }
  const input = tokens(promptOf(asked)).length;
  const output = limitOf(asked) ?? 1;
  if (input + output <= args.maxModelLen) return undefined;
  const message =
    `This model's maximum context length is ${args.maxModelLen} tokens. However, you ` +
    `requested ${output} output tokens and your prompt contains at least ${input} input tokens, ` +
    `for a total of at least ${input + output} tokens. Please reduce the length of the input ` +
    "prompt or the number of requested output tokens.";
  return failure(400, { message, type: "BadRequestError", param: "input_tokens" });
}

/** Answers, in one piece or streamed. */
export async function chatCompletion(
  asked: Asked,
  answer: (prompt: string) => Promise<string>,
): Promise<Response> {
  const words = tokens(await answer(promptOf(asked)));
  const limit = limitOf(asked) ?? Infinity;
  const pieces = words.slice(0, limit);
  const usage = {
    prompt_tokens: tokens(promptOf(asked)).length,
    completion_tokens: pieces.length,
    total_tokens: tokens(promptOf(asked)).length + pieces.length,
    prompt_tokens_details: null,
  };
  const finish = words.length > limit ? "length" : "stop";
  const head = { id: "chatcmpl-1", created: 1, model: asked.model };
  if (asked.stream) return streamed(asked, { head, pieces, usage, finish });
  const message = { role: "assistant", content: pieces.join(""), tool_calls: [] };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: finish }];
  return Response.json({ ...head, object: "chat.completion", choices, usage });
}

function streamed(
  asked: Asked,
  { head, pieces, usage, finish }: {
    readonly head: object;
    readonly pieces: readonly string[];
    readonly usage: object;
    readonly finish: string;
  },
): Response {
  const chunk = (choices: readonly unknown[], more: object = {}) =>
    `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices, ...more })}\n\n`;
  const choice = (delta: object, finish_reason: string | null = null) =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason }]);
  const chunks = [
    choice({ role: "assistant", content: "" }),
    ...pieces.map((content) => choice({ content })),
    choice({ content: "" }, finish),
    ...asked.stream_options?.include_usage ? [chunk([], { usage })] : [],
    "data: [DONE]\n\n",
  ];
  return new Response(ReadableStream.from(chunks).pipeThrough(new TextEncoderStream()), {
    headers: { "content-type": "text/event-stream; charset=utf-8" },
  });
}

function limitOf(asked: Asked): number | undefined {
  return asked.max_completion_tokens ?? asked.max_tokens;
}

function promptOf({ messages = [] }: Asked): string {
  return messages.map(({ content }) => textOf(content)).join("\n");
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => part?.type === "text" ? part.text : "").join("");
}

/** Words with the blanks before them: near enough to tokens. */
function tokens(text: string): readonly string[] {
  return text.match(/\s*\S+/g) ?? [];
}

function failure(status: number, error: Readonly<Record<string, unknown>>): Response {
  return Response.json({ error: { ...error, code: status } }, { status });
}
