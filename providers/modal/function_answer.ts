/**
 * What a deployed function returned, as a model response.
 *
 * @module
 */
import type { FinishReason, ModelResponse, ToolCall, Usage } from "../../src/providers/model.ts";
import { InvalidRequestError } from "../../src/providers/model_error.ts";
import type { Completion } from "../_chat_completions/completion.ts";
import { toResponse } from "../_chat_completions/response.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The response that a text, a dict with a `text`, or a chat completion stands for.
 *
 * @throws {InvalidRequestError} if it is none of these, as no retry makes it one
 */
export function toModelResponse(answer: unknown, hasSchema: boolean): ModelResponse {
  if (typeof answer === "string") return { ...textOf(answer, hasSchema), raw: answer };
  if (isFields(answer) && Array.isArray(answer.choices)) {
    return toResponse(answer as Completion, hasSchema);
  }
  if (isFields(answer) && typeof answer.text === "string") {
    const usage = toUsage(answer.usage);
    const reason = toFinishReason(answer.finish_reason ?? answer.finishReason);
    const toolCalls = toToolCalls(answer.tool_calls ?? answer.toolCalls);
    return {
      ...textOf(answer.text, hasSchema),
      ...(answer.parsed === undefined ? {} : { parsed: answer.parsed }),
      ...(toolCalls && { toolCalls }),
      ...(reason && { finishReason: reason }),
      ...(usage && { usage }),
      raw: answer,
    };
  }
  throw new InvalidRequestError(
    "The function must return a text, a dict with a text, or a chat completion; it returned " +
      `${JSON.stringify(answer)?.slice(0, 200)}`,
  );
}

function textOf(text: string, hasSchema: boolean) {
  if (!hasSchema) return { text };
  try {
    return { text, parsed: JSON.parse(text) as unknown };
  } catch {
    return { text };
  }
}

/** Token counts under any of the names in use. */
function toUsage(value: unknown): Usage | undefined {
  if (!isFields(value)) return undefined;
  const count = (...names: readonly string[]) =>
    names.map((name) => value[name]).find((found) => typeof found === "number");
  const inputTokens = count("input_tokens", "prompt_tokens", "inputTokens");
  const outputTokens = count("output_tokens", "completion_tokens", "outputTokens");
  const cachedTokens = count("cached_tokens", "cachedTokens");
  const reasoningTokens = count("reasoning_tokens", "reasoningTokens");
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(cachedTokens === undefined ? {} : { cachedTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
  };
}

function toFinishReason(value: unknown): FinishReason | undefined {
  switch (value) {
    case undefined:
    case null:
      return undefined;
    case "stop":
    case "length":
      return value;
    case "tool_calls":
    case "tool-calls":
      return "tool-calls";
    case "content_filter":
    case "content-filter":
      return "content-filter";
    default:
      return "other";
  }
}

/** Calls as `{id, name, arguments}` or in the form of a chat completion. */
function toToolCalls(value: unknown): readonly ToolCall[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.filter(isFields).map((call, index) => {
    const inner = isFields(call.function) ? call.function : call;
    const given = inner.arguments;
    return {
      id: typeof call.id === "string" ? call.id : `call-${index}`,
      name: String(inner.name),
      arguments: typeof given === "string" ? parsedOr(given) : given,
    };
  });
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
