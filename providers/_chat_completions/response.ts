/**
 * What a chat completions endpoint answered, as a model response.
 *
 * @module
 */
import type { FinishReason, ModelResponse, ToolCall, Usage } from "../../src/providers/model.ts";
import { TransientError } from "../../src/providers/model_error.ts";
import type { Completion, CompletionToolCall, CompletionUsage } from "./completion.ts";
import { shownText } from "./error_body.ts";

/**
 * The response that a completion stands for; `parsed` where a schema was asked for.
 *
 * @throws {TransientError} if it is no completion, as where a proxy answers with a page of its own
 */
export function toResponse(completion: Completion, hasSchema: boolean): ModelResponse {
  const choice = completion.choices?.[0];
  if (!choice?.message) {
    throw new TransientError(
      `The endpoint answered with what is no chat completion: ${
        shownText(JSON.stringify(completion))
      }`,
    );
  }
  const { message } = choice;
  const said = message.content || message.refusal;
  const text = typeof said === "string" ? said : "";
  const calls = (message.tool_calls ?? []).flatMap(toToolCall);
  return {
    text,
    ...(hasSchema ? { parsed: parsedOrUndefined(text) } : {}),
    ...(calls.length > 0 ? { toolCalls: calls } : {}),
    finishReason: finishReasonOf(choice.finish_reason),
    ...(completion.usage ? { usage: toUsage(completion.usage) } : {}),
    raw: completion,
  };
}

function toToolCall({ id, function: called }: CompletionToolCall): readonly ToolCall[] {
  if (!called) return [];
  const { name, arguments: text } = called;
  return [{ id: id ?? "", name, arguments: parsedOrUndefined(text) ?? text }];
}

/** A model may answer with broken JSON; that is for the evaluation to judge. */
export function parsedOrUndefined(text: string): unknown {
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

function toUsage(usage: CompletionUsage): Usage {
  return {
    ...count("inputTokens", usage.prompt_tokens),
    ...count("outputTokens", usage.completion_tokens),
    ...count("cachedTokens", usage.prompt_tokens_details?.cached_tokens),
    ...count("reasoningTokens", usage.completion_tokens_details?.reasoning_tokens),
  };
}

function count(name: keyof Usage, tokens: number | null | undefined): Usage {
  return typeof tokens === "number" ? { [name]: tokens } : {};
}
