/**
 * The payload of Text Generation Inference: `inputs` and `parameters`.
 *
 * @module
 */
import type { FinishReason, ModelRequest, ModelResponse } from "../../src/providers/model.ts";
import { TransientError } from "../../src/providers/model_error.ts";
import { parsedOf } from "./answer.ts";
import type { SageMakerConfig } from "./config.ts";
import { containerError } from "./errors.ts";
import type { Payload } from "./payload.ts";
import { promptOf } from "./prompt.ts";

/** What TGI says of an answer, and of each token of a stream. */
interface Generation {
  readonly generated_text?: string | null;
  readonly token?: { readonly text: string; readonly special?: boolean };
  readonly details?: Details | null;
  readonly error?: string;
  readonly error_type?: string;
}

interface Details {
  readonly finish_reason?: string;
  readonly generated_tokens?: number;
  readonly input_length?: number;
}

const STATUS_OF: Readonly<Record<string, number>> = { validation: 422, overloaded: 429 };

/** Speaks with TGI's own API, which takes one prompt. */
export function tgiPayload(config: SageMakerConfig): Payload {
  return {
    streams: true,
    toBody: (request, stream) => ({
      ...config.body,
      inputs: promptOf(request, "tgi"),
      parameters: { ...asRecord(config.body?.parameters), ...parametersOf(request, config) },
      ...stream ? { stream } : {},
    }),
    toResponse: (answer, request) => toResponse(whole(answer), request),
    join(request) {
      let text = "";
      let last: Generation = {};
      return {
        add(event) {
          const generation = whole(event);
          const token = generation.token?.special ? "" : generation.token?.text ?? "";
          text += token;
          last = generation;
          return token !== "" || generation.token === undefined;
        },
        response: () =>
          toResponse({ ...last, generated_text: last.generated_text ?? text }, request),
      };
    },
  };
}

function parametersOf(request: ModelRequest, config: SageMakerConfig) {
  const temperature = request.temperature ?? config.temperature;
  const maxTokens = request.maxTokens ?? config.maxTokens;
  const seed = request.seed ?? config.seed;
  return {
    details: true,
    return_full_text: false,
    // TGI refuses a temperature of 0, which it calls not to sample.
    ...temperature === undefined
      ? {}
      : temperature > 0
      ? { temperature, do_sample: true }
      : { do_sample: false },
    ...maxTokens === undefined ? {} : { max_new_tokens: maxTokens },
    ...seed === undefined ? {} : { seed },
    ...request.stop ? { stop: request.stop } : {},
    ...request.schema ? { grammar: { type: "json", value: request.schema } } : {},
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** One generation: alone, or in the list that SageMaker's containers wrap it in. */
function whole(answer: unknown): Generation {
  const first: unknown = Array.isArray(answer) ? answer[0] : answer;
  const generation: Generation = typeof first === "object" && first !== null ? first : {};
  if (generation.error !== undefined) {
    throw containerError(generation.error, {
      status: STATUS_OF[generation.error_type ?? ""] ?? 500,
    });
  }
  if (generation.generated_text === undefined && generation.token === undefined) {
    throw new TransientError(
      `The endpoint answered with no generated text: ${JSON.stringify(answer).slice(0, 200)}`,
    );
  }
  return generation;
}

function toResponse(generation: Generation, request: ModelRequest): ModelResponse {
  const { details } = generation;
  const text = withoutStop(generation.generated_text ?? "", request);
  const usage = {
    ...details?.input_length === undefined ? {} : { inputTokens: details.input_length },
    ...details?.generated_tokens === undefined ? {} : { outputTokens: details.generated_tokens },
  };
  return {
    text,
    ...parsedOf(text, request),
    ...details?.finish_reason ? { finishReason: finishReasonOf(details.finish_reason) } : {},
    ...Object.keys(usage).length > 0 ? { usage } : {},
    raw: generation,
  };
}

/** TGI leaves the text that ended an answer at its end; other endpoints do not. */
function withoutStop(text: string, { stop = [] }: ModelRequest): string {
  const found = stop.find((end) => end !== "" && text.endsWith(end));
  return found === undefined ? text : text.slice(0, -found.length);
}

function finishReasonOf(reason: string): FinishReason {
  if (reason === "length") return "length";
  return reason === "eos_token" || reason === "stop_sequence" ? "stop" : "other";
}
