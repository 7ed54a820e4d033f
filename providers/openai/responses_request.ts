/**
 * Requests in the form that the responses API takes.
 *
 * @module
 */
import type { OpenAI } from "openai";
import type { ContentPart, Message, ModelRequest } from "../../src/providers/model.ts";
import { InvalidRequestError } from "../../src/providers/model_error.ts";
import type { RequestDefaults } from "../_chat_completions/request.ts";
import { messageText } from "../_message_text.ts";

type Body = OpenAI.Responses.ResponseCreateParams;
type Item = OpenAI.Responses.ResponseInputItem;
type Part = OpenAI.Responses.ResponseInputContent;

/**
 * The body of a request.
 *
 * @throws {InvalidRequestError} if the request needs what this API does not have
 */
export function toResponsesBody(request: ModelRequest, defaults: RequestDefaults): Body {
  if (request.stop !== undefined) throw lacks("stop");
  if ((request.seed ?? defaults.seed) !== undefined) throw lacks("seed");
  const { system: instructions, schema, tools } = request;
  const temperature = request.temperature ?? defaults.temperature;
  const maxTokens = request.maxTokens ?? defaults.maxTokens;
  return {
    ...defaults.body,
    model: defaults.model,
    input: request.messages.flatMap(toItems),
    ...instructions !== undefined && { instructions },
    ...temperature !== undefined && { temperature },
    ...maxTokens !== undefined && { max_output_tokens: maxTokens },
    ...schema && {
      text: {
        format: { type: "json_schema", name: "answer", strict: true, schema: { ...schema } },
      },
    },
    ...tools && {
      tools: tools.map(({ parameters, ...tool }) => ({
        type: "function",
        ...tool,
        parameters: { ...parameters },
        strict: false,
      })),
    },
  };
}

function lacks(field: string): InvalidRequestError {
  return new InvalidRequestError(
    `OpenAI's responses API has no \`${field}\`; the chat completions API has it (api: "chat").`,
  );
}

function toItems(message: Message): Item[] {
  switch (message.role) {
    case "system":
      return [{ role: "system", content: messageText(message) }];
    case "user": {
      const { content } = message;
      return [{
        role: "user",
        content: typeof content === "string" ? content : content.map(toPart),
      }];
    }
    case "assistant": {
      const text = messageText(message);
      const calls = (message.toolCalls ?? []).map((call): Item => ({
        type: "function_call",
        call_id: call.id,
        name: call.name,
        arguments: typeof call.arguments === "string"
          ? call.arguments
          : JSON.stringify(call.arguments),
      }));
      return [...text === "" ? [] : [{ role: "assistant", content: text } as const], ...calls];
    }
    case "tool":
      return [{
        type: "function_call_output",
        call_id: message.toolCallId,
        output: message.content,
      }];
  }
}

function toPart(part: ContentPart): Part {
  if (part.type === "text") return { type: "input_text", text: part.text };
  const url = "url" in part ? part.url : `data:${part.mediaType};base64,${part.data.toBase64()}`;
  return { type: "input_image", image_url: url, detail: "auto" };
}
