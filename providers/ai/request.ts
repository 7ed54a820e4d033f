/**
 * Requests in the form that the AI SDK takes.
 *
 * @module
 */
import { jsonSchema, type ModelMessage, Output, tool, type ToolSet, type UserContent } from "ai";
import type { ContentPart, Message, ModelRequest } from "../../src/providers/model.ts";
import { messageText } from "../_message_text.ts";
import type { AIConfig } from "./config.ts";

/** What `generateText` and `streamText` take of a request. */
export function toCall(request: ModelRequest, config: AIConfig) {
  const temperature = request.temperature ?? config.temperature;
  const maxOutputTokens = request.maxTokens ?? config.maxTokens;
  const seed = request.seed ?? config.seed;
  return {
    messages: toMessages(request.messages),
    // Rows may well hold conversations with instructions of their own.
    allowSystemInMessages: true,
    ...request.system === undefined ? {} : { instructions: request.system },
    ...temperature === undefined ? {} : { temperature },
    ...maxOutputTokens === undefined ? {} : { maxOutputTokens },
    ...seed === undefined ? {} : { seed },
    ...request.stop ? { stopSequences: [...request.stop] } : {},
    ...request.tools ? { tools: toTools(request.tools) } : {},
    ...request.schema ? { output: Output.object({ schema: jsonSchema(request.schema) }) } : {},
    ...config.providerOptions ? { providerOptions: config.providerOptions as never } : {},
  };
}

/** Tools without a function to run: their calls are the answer. */
function toTools(tools: NonNullable<ModelRequest["tools"]>): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, parameters }) => [
      name,
      tool({
        ...description === undefined ? {} : { description },
        inputSchema: jsonSchema(parameters),
      }),
    ]),
  );
}

function toMessages(messages: readonly Message[]): ModelMessage[] {
  const calls = messages.flatMap((message) =>
    message.role === "assistant" ? message.toolCalls ?? [] : []
  );
  return messages.map((message): ModelMessage => {
    switch (message.role) {
      case "system":
        return { role: "system", content: messageText(message) };
      case "user":
        return { role: "user", content: toContent(message.content) };
      case "assistant": {
        const text = messageText(message);
        return {
          role: "assistant",
          content: [
            ...text === "" ? [] : [{ type: "text" as const, text }],
            ...(message.toolCalls ?? []).map((call) => ({
              type: "tool-call" as const,
              toolCallId: call.id,
              toolName: call.name,
              input: call.arguments,
            })),
          ],
        };
      }
      case "tool": {
        const { toolCallId, content } = message;
        const toolName = calls.find(({ id }) => id === toolCallId)?.name ?? "tool";
        const output = { type: "text" as const, value: content };
        return { role: "tool", content: [{ type: "tool-result", toolCallId, toolName, output }] };
      }
    }
  });
}

function toContent(content: string | readonly ContentPart[]): UserContent {
  if (typeof content === "string") return content;
  return content.map((part) => {
    if (part.type === "text") return { type: "text", text: part.text };
    if ("url" in part) return { type: "file", data: new URL(part.url), mediaType: "image" };
    return { type: "file", data: part.data, mediaType: part.mediaType };
  });
}
