/**
 * The model as an item sees it: calls are tried again, stopped with the item, and noted on it.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { RetryOptions } from "../evaluation/options.ts";
import type { CallOptions, Model, ModelRequest, ModelResponse } from "../providers/model.ts";
import { isRetryable } from "../providers/model_error.ts";
import { retry } from "../schedule/retry.ts";

/** What calls need beside the model. */
export interface CallContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly retry: RetryOptions;
  /** Aborted when the item is over. */
  readonly signal: AbortSignal;
  /** Told when the endpoint refused a call for its rate. */
  readonly onRefused: () => void;
}

/** What an item asked its model last, and how often it had to. */
export interface CallNotes {
  /** The call that ended last, or, while none has, the one that began last. */
  last?: {
    readonly request: string | ModelRequest;
    readonly response: ModelResponse | undefined;
  };
  /** The most attempts that one call took; 1 without calls. */
  attempts: number;
}

/** Wraps a model for one item. */
export function modelForItem(model: Model, notes: CallNotes, context: CallContext): Model {
  function call<Value>(
    options: CallOptions | undefined,
    once: (options: CallOptions) => Promise<Value>,
  ): Promise<Value> {
    const signal = options?.signal
      ? AbortSignal.any([options.signal, context.signal])
      : context.signal;
    return retry((attempt) => {
      notes.attempts = Math.max(notes.attempts, attempt);
      return once({ signal });
    }, {
      ...context.retry,
      clock: context.clock,
      random: context.random,
      signal,
      isRetryable,
      retryAfterMs,
      onRetry: (error) => {
        if (codeOf(error) === "rate-limit") context.onRefused();
      },
    });
  }

  const { embed, generateBatch } = model;
  return {
    async generate(request, options) {
      notes.last = { request, response: undefined };
      const response = await call(options, (once) => model.generate(request, once));
      notes.last = { request, response: checkedResponse(response) };
      return response;
    },
    ...embed && {
      embed: (texts, options) => call(options, (once) => embed.call(model, texts, once)),
    },
    ...generateBatch && {
      generateBatch: (requests, options) =>
        call(options, (once) => generateBatch.call(model, requests, once)),
    },
  };
}

function retryAfterMs(error: unknown): number | undefined {
  const asked = property(error, "retryAfterMs");
  return typeof asked === "number" ? asked : undefined;
}

function codeOf(error: unknown): unknown {
  return property(error, "code");
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** A provider is others' code: what it answers may be no response. */
function checkedResponse(response: unknown): ModelResponse {
  if (typeof property(response, "text") === "string") return response as ModelResponse;
  throw new TypeError(
    `The model's provider answered with ${
      response === null ? "null" : `a ${typeof response}`
    } that has no text; generate() must return { text: "…" }.`,
  );
}
