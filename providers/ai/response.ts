/**
 * What the AI SDK answers, as a model response.
 *
 * @module
 */
import type { FinishReason as SdkFinishReason, LanguageModelUsage } from "ai";
import type {
  FinishReason,
  ModelRequest,
  ModelResponse,
  ToolCall,
  Usage,
} from "../../src/providers/model.ts";

/** The parts of an answer. */
export interface Answer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: SdkFinishReason;
  readonly usage: LanguageModelUsage;
  readonly raw: unknown;
}

/** The response that an answer stands for. */
export function toResponse(answer: Answer, request: ModelRequest): ModelResponse {
  const { text, toolCalls, finishReason, usage, raw } = answer;
  return {
    text,
    ...request.schema ? { parsed: parsedOrUndefined(text) } : {},
    ...toolCalls.length > 0 ? { toolCalls } : {},
    finishReason: toFinishReason(finishReason),
    usage: toUsage(usage),
    raw,
  };
}

/** A model may break its schema; that is for the evaluation to judge. */
function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toFinishReason(reason: SdkFinishReason): FinishReason {
  switch (reason) {
    case "stop":
    case "length":
    case "tool-calls":
    case "content-filter":
      return reason;
    default:
      return "other";
  }
}

function toUsage(
  { inputTokens, outputTokens, inputTokenDetails, outputTokenDetails }: LanguageModelUsage,
): Usage {
  const cachedTokens = inputTokenDetails?.cacheReadTokens;
  const reasoningTokens = outputTokenDetails?.reasoningTokens;
  return {
    ...inputTokens === undefined ? {} : { inputTokens },
    ...outputTokens === undefined ? {} : { outputTokens },
    ...cachedTokens === undefined ? {} : { cachedTokens },
    ...reasoningTokens === undefined ? {} : { reasoningTokens },
  };
}
