/**
 * A model of the AI SDK as one of ours.
 *
 * @module
 */
import { embedMany, generateText, streamText } from "ai";
import {
  type Model,
  type ModelRequest,
  type ModelResponse,
  toModelRequest,
  type ToolCall,
} from "../../src/providers/model.ts";
import { TransientError } from "../../src/providers/model_error.ts";
import { rateLimits } from "../../src/providers/rate_limits.ts";
import type { OngoingCalls } from "../_ongoing_calls.ts";
import { withinTime } from "../_within_time.ts";
import type { AIConfig } from "./config.ts";
import { toModelError } from "./errors.ts";
import type { Language, LoadedModels } from "./load.ts";
import { toCall } from "./request.ts";
import { toResponse } from "./response.ts";

interface Call {
  readonly model: Language;
  readonly request: ModelRequest;
  readonly config: AIConfig;
  readonly abortSignal: AbortSignal;
}

/** A model that answers by the AI SDK; its calls are among `ongoing`. */
export function aiModel(
  { language, embedding }: LoadedModels,
  { config, ongoing }: { readonly config: AIConfig; readonly ongoing: OngoingCalls },
): Model {
  const timeoutMs = config.timeoutMs ?? 600_000;
  const within = <T>(
    signal: AbortSignal | undefined,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => withinTime({ timeoutMs, signal, ongoing }, call, toModelError);

  return {
    generate: (asked, { signal } = {}) =>
      within(signal, (abortSignal) => {
        const call = { model: language, request: toModelRequest(asked), config, abortSignal };
        return config.stream ?? true ? streamed(call) : whole(call);
      }),
    ...embedding && {
      embed: (texts, { signal } = {}) =>
        within(signal, async (abortSignal) => {
          const model = embedding;
          const { embeddings } = await embedMany({
            model,
            values: [...texts],
            maxRetries: 0,
            abortSignal,
          });
          return embeddings;
        }),
    },
  };
}

async function whole({ model, request, config, abortSignal }: Call): Promise<ModelResponse> {
  const start = performance.now();
  const result = await generateText({
    model,
    ...toCall(request, config),
    maxRetries: 0,
    abortSignal,
  });
  const latencyMs = performance.now() - start;
  const { text, toolCalls, finishReason, usage, response, warnings, providerMetadata } = result;
  const answer = {
    text,
    toolCalls: toolCalls.map(toToolCall),
    finishReason,
    usage,
    raw: { response, warnings, providerMetadata, usage: usage.raw },
  };
  return { ...toResponse(answer, request), latencyMs, ...limitsOf(response) };
}

async function streamed({ model, request, config, abortSignal }: Call): Promise<ModelResponse> {
  const start = performance.now();
  const { stream } = streamText({
    model,
    ...toCall(request, config),
    maxRetries: 0,
    abortSignal,
    // Errors come in the stream too; without this they would also be printed.
    onError() {},
  });
  let text = "";
  const toolCalls: ToolCall[] = [];
  let first: number | undefined;
  let warnings: unknown;
  for await (const part of stream) {
    switch (part.type) {
      case "text-delta":
        text += part.text;
        first ??= performance.now();
        break;
      case "reasoning-delta":
      case "tool-input-start":
        first ??= performance.now();
        break;
      case "tool-call":
        first ??= performance.now();
        toolCalls.push(toToolCall(part));
        break;
      case "start-step":
        warnings = part.warnings;
        break;
      case "error":
        throw part.error;
      case "finish-step": {
        const { response, providerMetadata, finishReason, rawFinishReason, usage } = part;
        // The SDK closes a stream that ended too early as if it were whole, without these.
        if (rawFinishReason === undefined && usage.outputTokens === undefined) throw brokenOff();
        const raw = { response, warnings, providerMetadata, usage: usage.raw };
        return {
          ...toResponse({ text, toolCalls, finishReason, usage, raw }, request),
          ...first === undefined ? {} : { timeToFirstTokenMs: first - start },
          latencyMs: performance.now() - start,
          ...limitsOf(response),
        };
      }
    }
  }
  throw brokenOff();
}

/** What the endpoint allows yet, where the headers of its answer say so. */
function limitsOf(
  { headers }: { readonly headers?: Record<string, string> },
): Pick<ModelResponse, "limits"> {
  const limits = headers && rateLimits(new Headers(headers));
  return limits ? { limits } : {};
}

function brokenOff(): TransientError {
  return new TransientError("The answer broke off before its end.");
}

function toToolCall(
  { toolCallId, toolName, input }: {
    readonly toolCallId: string;
    readonly toolName: string;
    readonly input: unknown;
  },
): ToolCall {
  return { id: toolCallId, name: toolName, arguments: input };
}
