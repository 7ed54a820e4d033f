/**
 * What runs behind an endpoint: containers of TGI and vLLM, and others.
 *
 * @module
 */
import * as v from "valibot";

/** What a container answers: a body with a status, or the pieces of a stream. */
export type ContainerAnswer =
  | { readonly status?: number; readonly body: unknown }
  | { readonly stream: AsyncIterable<string> | readonly string[] };

/** A container: gets the request's body, parsed. */
export type Container = (body: unknown) => ContainerAnswer | Promise<ContainerAnswer>;

const tgiRequest = v.strictObject({
  inputs: v.string(),
  stream: v.optional(v.boolean()),
  parameters: v.optional(v.strictObject({
    details: v.optional(v.boolean()),
    do_sample: v.optional(v.boolean()),
    grammar: v.optional(v.strictObject({ type: v.literal("json"), value: v.looseObject({}) })),
    max_new_tokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    return_full_text: v.optional(v.boolean()),
    seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    stop: v.optional(v.pipe(v.array(v.string()), v.maxLength(4))),
    temperature: v.optional(
      v.pipe(v.number(), v.gtValue(0, "`temperature` must be strictly positive")),
    ),
    top_k: v.optional(v.number()),
  })),
});

/** Text Generation Inference, which answers a prompt by `reply`. */
export function tgi(reply: (inputs: string) => string): Container {
  return (body) => {
    const checked = v.safeParse(tgiRequest, body);
    if (!checked.success) {
      const error = `Input validation error: ${messagesOf(checked.issues)}`;
      return { status: 422, body: { error, error_type: "validation" } };
    }
    const { inputs, stream, parameters = {} } = checked.output;
    const text = reply(inputs);
    const words = text.split(/(?<= )/);
    const stopped = parameters.stop?.some((stop) => text.endsWith(stop)) ?? false;
    const details = {
      finish_reason: stopped ? "stop_sequence" : "eos_token",
      generated_tokens: words.length,
      input_length: inputs.split(" ").length,
      seed: parameters.seed ?? null,
    };
    if (!stream) {
      return { body: [{ generated_text: text, ...parameters.details && { details } }] };
    }
    return {
      stream: words.map((word, index) => {
        const last = index === words.length - 1;
        return `data:${
          JSON.stringify({
            index: index + 1,
            token: { id: index, text: word, logprob: -0.5, special: false },
            generated_text: last ? text : null,
            details: last ? details : null,
          })
        }\n\n`;
      }),
    };
  };
}

const content = v.union([
  v.string(),
  v.array(v.union([
    v.strictObject({ type: v.literal("text"), text: v.string() }),
    v.strictObject({
      type: v.literal("image_url"),
      image_url: v.strictObject({ url: v.string() }),
    }),
  ])),
]);

const chatRequest = v.strictObject({
  model: v.optional(v.string()),
  messages: v.array(v.variant("role", [
    v.strictObject({ role: v.literal("system"), content }),
    v.strictObject({ role: v.literal("user"), content }),
    v.strictObject({
      role: v.literal("assistant"),
      content: v.nullable(content),
      tool_calls: v.optional(v.array(v.looseObject({ id: v.string() }))),
    }),
    v.strictObject({ role: v.literal("tool"), tool_call_id: v.string(), content: v.string() }),
  ])),
  temperature: v.optional(v.number()),
  max_tokens: v.optional(v.pipe(v.number(), v.integer())),
  seed: v.optional(v.pipe(v.number(), v.integer())),
  stop: v.optional(v.array(v.string())),
  stream: v.optional(v.boolean()),
  stream_options: v.optional(v.strictObject({ include_usage: v.boolean() })),
  response_format: v.optional(v.looseObject({ type: v.literal("json_schema") })),
  tools: v.optional(v.array(v.looseObject({ type: v.literal("function") }))),
  top_k: v.optional(v.number()),
});

/** A request that the vLLM container accepted. */
export type ChatRequest = v.InferOutput<typeof chatRequest>;

/** vLLM's OpenAI server, which answers with the messages that `reply` makes. */
export function vllm(
  reply: (request: ChatRequest) => Readonly<Record<string, unknown>>,
): Container {
  return (body) => {
    const checked = v.safeParse(chatRequest, body);
    if (!checked.success) {
      const error = { message: messagesOf(checked.issues), type: "BadRequestError", code: 400 };
      return { status: 400, body: { error } };
    }
    const message = reply(checked.output);
    const finish_reason = message.tool_calls ? "tool_calls" : "stop";
    const usage = {
      prompt_tokens: 7,
      completion_tokens: 3,
      total_tokens: 10,
      prompt_tokens_details: { cached_tokens: 2 },
    };
    const head = { id: "chatcmpl-1", created: 1, model: checked.output.model ?? "/opt/ml/model" };
    if (!checked.output.stream) {
      const choice = { index: 0, message: { role: "assistant", ...message }, finish_reason };
      return { body: { ...head, object: "chat.completion", choices: [choice], usage } };
    }
    const chunks = [
      ...deltasOf(message).map((delta) => [{ index: 0, delta, finish_reason: null }]),
      [{ index: 0, delta: {}, finish_reason }],
    ].map((choices) => ({ ...head, object: "chat.completion.chunk", choices }));
    const last = { ...head, object: "chat.completion.chunk", choices: [], usage };
    return {
      stream: [
        ...[...chunks, ...checked.output.stream_options?.include_usage ? [last] : []]
          .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`),
        "data: [DONE]\n\n",
      ],
    };
  };
}

/** A message in pieces, as a server streams it. */
function deltasOf(message: Readonly<Record<string, unknown>>): unknown[] {
  const text = typeof message.content === "string" ? message.content.split(/(?<= )/) : [];
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  return [
    { role: "assistant", content: "" },
    ...text.map((content) => ({ content })),
    ...calls.flatMap(({ function: { arguments: text, name }, ...call }, index) => [
      { tool_calls: [{ index, ...call, function: { name, arguments: "" } }] },
      { tool_calls: [{ index, function: { arguments: text.slice(0, 3) } }] },
      { tool_calls: [{ index, function: { arguments: text.slice(3) } }] },
    ]),
  ];
}

function messagesOf(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.map((issue) => `${v.getDotPath(issue) ?? ""}: ${issue.message}`).join("; ");
}
