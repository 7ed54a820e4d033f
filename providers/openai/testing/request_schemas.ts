/**
 * What OpenAI's API takes, as far as the tests need it: nothing unknown, nothing of another type.
 *
 * @module
 */
import * as v from "valibot";

const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const anything = v.record(v.string(), v.unknown());
const imageUrl = v.pipe(text, v.regex(/^(https?:\/\/|data:image\/\w+;base64,[A-Za-z0-9+/]+=*$)/));
const temperature = v.pipe(v.number(), v.minValue(0), v.maxValue(2));

const part = v.variant("type", [
  v.strictObject({ type: v.literal("text"), text }),
  v.strictObject({
    type: v.literal("image_url"),
    image_url: v.strictObject({ url: imageUrl, detail: v.optional(text) }),
  }),
]);

const message = v.variant("role", [
  v.strictObject({ role: v.literal("system"), content: text }),
  v.strictObject({ role: v.literal("user"), content: v.union([text, v.array(part)]) }),
  v.strictObject({
    role: v.literal("assistant"),
    content: v.optional(v.nullable(text)),
    tool_calls: v.optional(v.array(v.strictObject({
      id: text,
      type: v.literal("function"),
      function: v.strictObject({ name: text, arguments: text }),
    }))),
  }),
  v.strictObject({ role: v.literal("tool"), tool_call_id: text, content: text }),
]);

const format = { name: text, schema: anything, strict: v.boolean() };
const tool = { name: text, description: v.optional(text), parameters: anything };

const chat = v.strictObject({
  model: text,
  messages: v.pipe(v.array(message), v.minLength(1)),
  temperature: v.optional(temperature),
  max_tokens: v.optional(count),
  seed: v.optional(v.pipe(v.number(), v.integer())),
  stop: v.optional(v.pipe(v.array(text), v.maxLength(4))),
  stream: v.optional(v.boolean()),
  stream_options: v.optional(v.strictObject({ include_usage: v.boolean() })),
  tools: v.optional(v.array(
    v.strictObject({ type: v.literal("function"), function: v.strictObject(tool) }),
  )),
  response_format: v.optional(v.strictObject({
    type: v.literal("json_schema"),
    json_schema: v.strictObject(format),
  })),
  // Not OpenAI's, but of many that speak its API.
  top_k: v.optional(count),
});

const responsePart = v.variant("type", [
  v.strictObject({ type: v.literal("input_text"), text }),
  v.strictObject({
    type: v.literal("input_image"),
    image_url: imageUrl,
    detail: v.picklist(["low", "high", "auto"]),
  }),
]);

const item = v.union([
  v.strictObject({ role: v.picklist(["system", "assistant"]), content: text }),
  v.strictObject({ role: v.literal("user"), content: v.union([text, v.array(responsePart)]) }),
  v.strictObject({
    type: v.literal("function_call"),
    call_id: text,
    name: text,
    arguments: text,
  }),
  v.strictObject({ type: v.literal("function_call_output"), call_id: text, output: text }),
]);

const responses = v.strictObject({
  model: text,
  input: v.pipe(v.array(item), v.minLength(1)),
  instructions: v.optional(text),
  temperature: v.optional(temperature),
  max_output_tokens: v.optional(count),
  stream: v.optional(v.boolean()),
  tools: v.optional(v.array(
    v.strictObject({ type: v.literal("function"), ...tool, strict: v.boolean() }),
  )),
  text: v.optional(v.strictObject({
    format: v.strictObject({ type: v.literal("json_schema"), ...format }),
  })),
});

const embeddings = v.strictObject({
  model: text,
  input: v.pipe(v.array(v.pipe(text, v.minLength(1))), v.minLength(1), v.maxLength(2048)),
  encoding_format: v.optional(v.picklist(["float", "base64"])),
});

const SCHEMAS = new Map<string, v.GenericSchema>([
  ["/v1/chat/completions", chat],
  ["/v1/responses", responses],
  ["/v1/embeddings", embeddings],
]);

/** What is wrong with the body of a request to a path; `undefined` if nothing is. */
export function wrongIn(path: string, body: unknown): string | undefined {
  const schema = SCHEMAS.get(path);
  if (schema === undefined) return `Unknown request URL: POST ${path}`;
  const { issues } = v.safeParse(schema, body);
  return issues?.map((issue) => `${v.getDotPath(issue) ?? ""}: ${issue.message}`).join("; ");
}
