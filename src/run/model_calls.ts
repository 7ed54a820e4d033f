/**
 * The model as an item sees it: calls are tried again, stopped with the item, and noted on it.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { RetryOptions } from "../evaluation/options.ts";
import type { CallOptions, Model, ModelResponse, PricedAs } from "../providers/model.ts";
import { isRateLimit, isRetryable, retryAfterMs } from "../providers/call_failure.ts";
import { retry } from "../schedule/retry.ts";
import type { AskedCall, CallNotes } from "./call_notes.ts";
import type { Prices } from "./prices.ts";

/** A call that failed and is made again. */
export interface CallRetry {
  /** What results call the model. */
  readonly model: string;
  /** Which attempt failed, from 1. */
  readonly attempt: number;
  /** How long the next one waits, in milliseconds. */
  readonly delayMs: number;
  readonly error: unknown;
}

/** What calls need beside the model. */
export interface CallContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly retry: RetryOptions;
  readonly prices: Prices;
  /** Aborted when the item is over. */
  readonly signal: AbortSignal;
  /** Told when the endpoint refused a call for its rate. */
  readonly onRefused: () => void;
  /** Told of each failure that is followed by another attempt. */
  readonly onRetry: (retry: CallRetry) => void;
}

/** A model, and what its calls are recorded as. */
export interface NamedModel {
  readonly model: Model;
  /** What results call it. */
  readonly name: string;
  readonly pricedAs?: PricedAs | undefined;
}

interface Call<Value> extends Omit<AskedCall, "model"> {
  readonly options: CallOptions | undefined;
  readonly once: (options: CallOptions) => Promise<Value>;
  /** What it answered that is to be recorded. */
  readonly answers: (value: Value) => readonly ModelResponse[];
}

/** Wraps a model for one item. */
export function modelForItem(
  { model, name, pricedAs }: NamedModel,
  notes: CallNotes,
  context: CallContext,
): Model {
  const { clock, random, prices, onRefused, onRetry } = context;
  async function call<Value>(asked: Call<Value>): Promise<Value> {
    const signal = asked.options?.signal
      ? AbortSignal.any([asked.options.signal, context.signal])
      : context.signal;
    const note = notes.begin({ model: name, kind: asked.kind, request: asked.request });
    try {
      const value = await retry(async (attempt) => {
        note.attempts = attempt;
        const start = clock.monotonic();
        try {
          return await asked.once({ signal });
        } finally {
          note.latencyMs = clock.monotonic() - start;
        }
      }, {
        ...context.retry,
        clock,
        random,
        signal,
        isRetryable,
        retryAfterMs,
        onRetry: (error, attempt, delayMs) => {
          if (isRateLimit(error)) onRefused();
          onRetry({ model: name, attempt, delayMs, error });
        },
      });
      const answers = asked.answers(value);
      const cost = pricedAs && await prices.cost(answers, pricedAs);
      notes.answer(note, { answers, cost });
      return value;
    } catch (thrown) {
      notes.fail(note, thrown);
      throw thrown;
    }
  }

  const { embed, generateBatch } = model;
  return {
    generate: (request, options) =>
      call({
        kind: "generate",
        request,
        options,
        once: (once) => model.generate(request, once),
        answers: (response) => [checkedResponse(response)],
      }),
    ...embed && {
      embed: (texts, options) =>
        call({
          kind: "embed",
          request: texts,
          options,
          once: (once) => embed.call(model, texts, once),
          answers: () => [],
        }),
    },
    ...generateBatch && {
      generateBatch: (requests, options) =>
        call({
          kind: "batch",
          request: requests,
          options,
          once: (once) => generateBatch.call(model, requests, once),
          answers: checkedResponses,
        }),
    },
  };
}

/** A provider is others' code: what it answers may be no response. */
function checkedResponse(response: unknown): ModelResponse {
  const isResponse = typeof response === "object" && response !== null && "text" in response &&
    typeof response.text === "string";
  if (isResponse) return response as unknown as ModelResponse;
  throw new TypeError(
    `The model's provider answered with ${
      response === null ? "null" : `a ${typeof response}`
    } that has no text; generate() must return { text: "…" }.`,
  );
}

function checkedResponses(responses: unknown): readonly ModelResponse[] {
  if (Array.isArray(responses)) return responses.map(checkedResponse);
  throw new TypeError(
    `The model's provider answered a batch with a ${typeof responses}; generateBatch() must ` +
      "return a list of responses.",
  );
}
