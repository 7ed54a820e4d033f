/**
 * Requests in the form that chat completions endpoints take.
 *
 * @module
 */
import type { ContentPart, Message, ModelRequest } from "../../src/providers/model.ts";
import { messageText } from "../_message_text.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What goes into every request of a model. */
export interface RequestDefaults {
  /** The model's name at the endpoint. */
  readonly model: string;
  /** OpenAI refuses `max_tokens` for its newer models; most other servers know nothing else. */
  readonly maxTokensField: "max_completion_tokens" | "max_tokens";
  /** For requests that set none. */
  readonly temperature?: number | undefined;
  /** For requests that set none. */
  readonly maxTokens?: number | undefined;
  /** For requests that set none. */
  readonly seed?: number | undefined;
  /** More fields, as the endpoint names them; what the request itself says goes first. */
  readonly body?: Fields | undefined;
}

/** The body of a request. */
export function toBody(request: ModelRequest, defaults: RequestDefaults): Fields {
  const system: Fields[] = request.system === undefined
    ? []
    : [{ role: "system", content: request.system }];
  return {
    ...defaults.body,
    model: defaults.model,
    messages: [...system, ...request.messages.map(toMessage)],
    ...given("temperature", request.temperature ?? defaults.temperature),
    ...given("seed", request.seed ?? defaults.seed),
    ...given(defaults.maxTokensField, request.maxTokens ?? defaults.maxTokens),
    ...given("stop", request.stop && [...request.stop]),
    ...given("tools", request.tools?.map((tool) => ({ type: "function", function: { ...tool } }))),
    ...given(
      "response_format",
      request.schema && {
        type: "json_schema",
        json_schema: { name: "answer", strict: true, schema: request.schema },
      },
    ),
  };
}

function given(name: string, value: unknown): Fields {
  return value === undefined ? {} : { [name]: value };
}

function toMessage(message: Message): Fields {
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
        type: "function",
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

function toPart(part: ContentPart): Fields {
  if (part.type === "text") return { type: "text", text: part.text };
  const url = "url" in part ? part.url : `data:${part.mediaType};base64,${part.data.toBase64()}`;
  return { type: "image_url", image_url: { url } };
}
