/**
 * Requests in the form that chat completions endpoints take.
 *
 * @module
 */
import type { OpenAI } from "openai";
import type { ContentPart, Message, ModelRequest } from "../../src/providers/model.ts";
import { messageText } from "../_message_text.ts";
import type { OpenAIConfig } from "./config.ts";

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;
type BodyMessage = OpenAI.ChatCompletionMessageParam;
type BodyPart = OpenAI.ChatCompletionContentPart;

/** What goes into every request of a model. */
export interface RequestDefaults {
  /** The model's name at the endpoint. */
  readonly model: string;
  /** OpenAI refuses `max_tokens` for its newer models; most other servers know nothing else. */
  readonly maxTokensField: "max_completion_tokens" | "max_tokens";
  /** The model's options. */
  readonly config: OpenAIConfig;
}

/** The body of a request. */
export function toBody(request: ModelRequest, defaults: RequestDefaults): Body {
  const { config } = defaults;
  const maxTokens = request.maxTokens ?? config.maxTokens;
  const system: BodyMessage[] = request.system === undefined
    ? []
    : [{ role: "system", content: request.system }];
  return {
    ...config.body,
    model: defaults.model,
    messages: [...system, ...request.messages.map(toMessage)],
    ...given("temperature", request.temperature ?? config.temperature),
    ...given("seed", request.seed ?? config.seed),
    ...given(defaults.maxTokensField, maxTokens),
    ...given("stop", request.stop && [...request.stop]),
    ...given("tools", request.tools?.map((tool) => ({ type: "function", function: { ...tool } }))),
    ...given(
      "response_format",
      request.schema && {
        type: "json_schema",
        json_schema: { name: "answer", strict: true, schema: request.schema },
      },
    ),
  } as Body;
}

function given(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined ? {} : { [name]: value };
}

function toMessage(message: Message): BodyMessage {
  switch (message.role) {
    case "system":
      return { role: "system", content: messageText(message) };
    case "user":
      return {
        role: "user",
        content: typeof message.content === "string"
          ? message.content
          : message.content.map(toPart),
      };
    case "assistant": {
      const calls = message.toolCalls?.map((call) => ({
        id: call.id,
        type: "function" as const,
        function: {
          name: call.name,
          arguments: typeof call.arguments === "string"
            ? call.arguments
            : JSON.stringify(call.arguments),
        },
      }));
      const text = messageText(message);
      return calls && calls.length > 0
        ? { role: "assistant", content: text === "" ? null : text, tool_calls: calls }
        : { role: "assistant", content: text };
    }
    case "tool":
      return { role: "tool", tool_call_id: message.toolCallId, content: message.content };
  }
}

function toPart(part: ContentPart): BodyPart {
  if (part.type === "text") return { type: "text", text: part.text };
  const url = "url" in part ? part.url : `data:${part.mediaType};base64,${part.data.toBase64()}`;
  return { type: "image_url", image_url: { url } };
}
