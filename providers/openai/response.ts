/**
 * What a chat completions endpoint answered, as a model response.
 *
 * @module
 */
import type { OpenAI } from "openai";
import type { FinishReason, ModelResponse, ToolCall, Usage } from "../../src/providers/model.ts";
import { TransientError } from "../../src/providers/model_error.ts";

/**
 * The response that a completion stands for; `parsed` where a schema was asked for.
 *
 * @throws {TransientError} if it is no completion, as where a proxy answers with a page of its own
 */
export function toResponse(completion: OpenAI.ChatCompletion, hasSchema: boolean): ModelResponse {
  const choice = completion?.choices?.[0];
  if (!choice?.message) {
    const shown = typeof completion === "string" ? completion : JSON.stringify(completion);
    throw new TransientError(
      `The endpoint answered with something that is no chat completion: ${shown?.slice(0, 200)}`,
    );
  }
  const { message } = choice;
  const text = message.content ?? message.refusal ?? "";
  const calls = (message.tool_calls ?? []).filter((call) => call.type === "function");
  return {
    text,
    ...(hasSchema ? { parsed: parsedOrUndefined(text) } : {}),
    ...(calls.length > 0 ? { toolCalls: calls.map(toToolCall) } : {}),
    finishReason: finishReasonOf(choice.finish_reason),
    ...(completion.usage ? { usage: toUsage(completion.usage) } : {}),
    raw: completion,
  };
}

function toToolCall(call: OpenAI.ChatCompletionMessageFunctionToolCall): ToolCall {
  const { name, arguments: text } = call.function;
  return { id: call.id, name, arguments: parsedOrUndefined(text) ?? text };
}

/** A model may answer with broken JSON; that is for the evaluation to judge. */
function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function finishReasonOf(reason: string | null | undefined): FinishReason {
  switch (reason) {
    case "stop":
    case "length":
      return reason;
    case "tool_calls":
    case "function_call":
      return "tool-calls";
    case "content_filter":
      return "content-filter";
    default:
      return "other";
  }
}

function toUsage(usage: OpenAI.CompletionUsage): Usage {
  const cached = usage.prompt_tokens_details?.cached_tokens;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens;
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    ...(cached === undefined ? {} : { cachedTokens: cached }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  };
}
