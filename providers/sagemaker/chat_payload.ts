/**
 * The payload of vLLM and of every container that speaks OpenAI's chat completions.
 *
 * @module
 */
import type { ModelRequest } from "../../src/providers/model.ts";
import { mergeChunks } from "../_chat_completions/merge_chunks.ts";
import { toBody } from "../_chat_completions/request.ts";
import { toResponse } from "../_chat_completions/response.ts";
import type { SageMakerConfig } from "./config.ts";
import { containerError } from "./errors.ts";
import type { Payload } from "./payload.ts";

type Fields = Record<string, unknown>;

/** Speaks with a container that takes chat completions. */
export function chatPayload(config: SageMakerConfig): Payload {
  return {
    streams: true,
    toBody: (request, stream) => ({
      ...chatBody(request, config),
      ...config.model === undefined ? {} : { model: config.model },
      ...stream ? { stream, stream_options: { include_usage: true } } : {},
    }),
    toResponse: (answer, request) => toResponse(checked(answer), request.schema !== undefined),
    join(request) {
      const merged = mergeChunks();
      let whole: Fields | undefined;
      return {
        add(event) {
          const fields = checked(event);
          if (isWhole(fields)) whole = fields;
          else merged.add(fields);
          return whole !== undefined || merged.begun;
        },
        response: () => toResponse(whole ?? merged.completion(), request.schema !== undefined),
      };
    },
  };
}

/** The messages of a request in the form of chat completions. */
export function toMessages(request: ModelRequest): unknown {
  return chatBody(request, {}).messages;
}

/** SageMaker knows the model by the endpoint; a name is given only where the user gives one. */
function chatBody(
  request: ModelRequest,
  { body, temperature, maxTokens, seed }: SageMakerConfig,
): Fields {
  const { model: _, ...rest } = toBody(request, {
    model: "",
    maxTokensField: "max_tokens",
    body,
    temperature,
    maxTokens,
    seed,
  });
  return rest;
}

/** A container that does not stream sends all at once where chunks are expected. */
function isWhole({ choices }: Fields): boolean {
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return typeof first === "object" && first !== null && "message" in first;
}

/** An error may come with status 200: in the middle of a stream the status is long gone. */
function checked(answer: unknown): Fields {
  const fields: Fields = typeof answer === "object" && answer !== null ? { ...answer } : {};
  const { error } = fields;
  if (error === undefined || error === null) return fields;
  const isObject = typeof error === "object";
  const code = isObject && "code" in error ? Number(error.code) : Number.NaN;
  const message = isObject && "message" in error ? error.message : error;
  throw containerError(String(message), { status: Number.isNaN(code) ? 500 : code });
}
