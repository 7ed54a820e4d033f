/**
 * What the responses API answered, as a model response.
 *
 * @module
 */
import type { OpenAI } from "openai";
import type { FinishReason, ModelResponse, ToolCall, Usage } from "../../src/providers/model.ts";
import { TransientError } from "../../src/providers/model_error.ts";
import { shownText } from "../_chat_completions/error_body.ts";
import { modelError } from "../_chat_completions/errors.ts";
import { parsedOrUndefined } from "../_chat_completions/response.ts";

type Answer = OpenAI.Responses.Response;

/** Codes of failures that may pass; all others are about the request. */
const PASSING = /^(server_error|rate_limit_exceeded|.*_timeout)$/;

/**
 * The response that an answer stands for; `parsed` where a schema was asked for.
 *
 * @throws {ModelError} if the answer is a failure, or no response
 */
export function toModelResponse(answer: Answer, hasSchema: boolean): ModelResponse {
  if (answer?.error) {
    const { code, message } = answer.error;
    throw modelError({ message, code }, PASSING.test(code) ? {} : { status: 400 });
  }
  if (!Array.isArray(answer?.output)) {
    const shown = shownText(JSON.stringify(answer) ?? "nothing");
    throw new TransientError(`The endpoint answered with what is no response: ${shown}`);
  }
  const text = answer.output.map(textOf).join("");
  const toolCalls = answer.output.flatMap(toToolCall);
  return {
    text,
    ...hasSchema && { parsed: parsedOrUndefined(text) },
    ...toolCalls.length > 0 && { toolCalls },
    finishReason: finishReasonOf(answer, toolCalls.length > 0),
    ...answer.usage && { usage: toUsage(answer.usage) },
    raw: answer,
  };
}

function textOf(item: OpenAI.Responses.ResponseOutputItem): string {
  if (item.type !== "message") return "";
  return item.content.map((part) => part.type === "refusal" ? part.refusal : part.text).join("");
}

function toToolCall(item: OpenAI.Responses.ResponseOutputItem): readonly ToolCall[] {
  if (item.type !== "function_call") return [];
  const { call_id: id, name, arguments: text } = item;
  return [{ id, name, arguments: parsedOrUndefined(text) ?? text }];
}

function finishReasonOf({ status, incomplete_details }: Answer, hasCalls: boolean): FinishReason {
  if (status === "incomplete") {
    switch (incomplete_details?.reason) {
      case "max_output_tokens":
        return "length";
      case "content_filter":
        return "content-filter";
      default:
        return "other";
    }
  }
  return hasCalls ? "tool-calls" : "stop";
}

function toUsage(usage: OpenAI.Responses.ResponseUsage): Usage {
  const cached = usage.input_tokens_details?.cached_tokens;
  const reasoning = usage.output_tokens_details?.reasoning_tokens;
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    ...cached !== undefined && { cachedTokens: cached },
    ...reasoning !== undefined && { reasoningTokens: reasoning },
  };
}
