/**
 * The stand-in's answers to chat completion requests, in the form and with the errors of vLLM.
 *
 * @module
 */
import * as v from "valibot";
import type { ServeArgs } from "./serve_args.ts";

const PART = v.variant("type", [
  v.strictObject({ type: v.literal("text"), text: v.string() }),
  v.strictObject({ type: v.literal("image_url"), image_url: v.object({ url: v.string() }) }),
]);

const MESSAGE = v.strictObject({
  role: v.picklist(["system", "user", "assistant", "tool"]),
  content: v.nullable(v.union([v.string(), v.array(PART)])),
  tool_calls: v.optional(v.array(v.looseObject({ id: v.string(), type: v.literal("function") }))),
  tool_call_id: v.optional(v.string()),
});

/** What the stand-in takes. vLLM itself takes fields that it does not know, and ignores them. */
const BODY = v.strictObject({
  model: v.string(),
  messages: v.pipe(v.array(MESSAGE), v.nonEmpty()),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0))),
  max_tokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  seed: v.optional(v.pipe(v.number(), v.integer())),
  stop: v.optional(v.array(v.string())),
  top_k: v.optional(v.number()),
  stream: v.optional(v.boolean()),
  stream_options: v.optional(v.strictObject({ include_usage: v.boolean() })),
  tools: v.optional(v.array(v.looseObject({ type: v.literal("function") }))),
  response_format: v.optional(v.looseObject({ type: v.string() })),
});

/** A request's body. */
export type Asked = v.InferOutput<typeof BODY>;

/** The request that a body is, or vLLM's error for one that it does not take. */
export function askedBy(body: unknown, args: ServeArgs): Asked | Response {
  const checked = v.safeParse(BODY, body);
  if (!checked.success) {
    const [{ message, path = [] }] = checked.issues;
    const place = ["body", ...path.map(({ key }) => String(key))].join("', '");
    const text = `1 validation error:\n  {'loc': ('${place}'), 'msg': '${message}'}`;
    return failure(400, { message: text, type: "Bad Request", param: null });
  }
  const asked = checked.output;
  if (!args.servedModelNames.includes(asked.model)) {
    const message = `The model \`${asked.model}\` does not exist.`;
    return failure(404, { message, type: "NotFoundError", param: "model" });
  }
  const input = tokens(promptOf(asked)).length;
  const output = asked.max_tokens ?? 1;
  if (input + output <= args.maxModelLen) return asked;
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
  const limit = asked.max_tokens ?? Infinity;
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

function promptOf({ messages }: Asked): string {
  return messages.map(({ content }) => textOf(content)).join("\n");
}

function textOf(content: Asked["messages"][number]["content"]): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.type === "text" ? part.text : "").join("");
}

/** Words with the blanks before them: near enough to tokens. */
function tokens(text: string): readonly string[] {
  return text.match(/\s*\S+/g) ?? [];
}

function failure(status: number, error: Readonly<Record<string, unknown>>): Response {
  return Response.json({ error: { ...error, code: status } }, { status });
}
