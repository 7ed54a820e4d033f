/**
 * The model as an item sees it: calls are tried again, stopped with the item, and noted on it.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { RetryOptions } from "../evaluation/options.ts";
import type {
  CallOptions,
  Model,
  ModelRequest,
  ModelResponse,
  PricedAs,
} from "../providers/model.ts";
import { isRateLimit, isRetryable, retryAfterMs } from "../providers/call_failure.ts";
import type { AwakeTimer } from "../schedule/awake_timer.ts";
import { type Budget, BudgetSpentError } from "../schedule/budget.ts";
import type { Cost } from "../schedule/quota.ts";
import { retry } from "../schedule/retry.ts";
import type { AskedCall, CallNote, CallNotes } from "./call_notes.ts";
import type { LimitedModel, RunLimits } from "./endpoints.ts";
import { type FailedCall, FutileCalls } from "./futile_calls.ts";
import type { Prices } from "./prices.ts";
import { type CallTurns, sendCall } from "./send_call.ts";
import { type Held, hold } from "./spending.ts";
import type { TokenEstimate, TokensAsked } from "./token_estimate.ts";

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
  readonly timer: AwakeTimer;
  readonly retry: RetryOptions;
  /** Milliseconds that one attempt may take; no limit without it. */
  readonly callTimeout?: number | undefined;
  /** How calls are let through to their endpoints. */
  readonly limits: RunLimits;
  readonly prices: Prices;
  /** What calls must stay within. */
  readonly budgets?: readonly Budget[];
  /** Aborted when the item is over. */
  readonly signal: AbortSignal;
  /** How the item's calls are counted. */
  readonly turns: ItemTurns;
  /** Told of each failure that is followed by another attempt. */
  readonly onRetry: (retry: CallRetry) => void;
  /** Told of each call that was answered, and what it cost, where that is known. */
  readonly onAnswered?: (
    call: { readonly model: string; readonly cost?: number | undefined },
  ) => void;
  /** Told that a call was not made because a budget has nothing left for it. */
  readonly onSpent?: () => void;
  /** Told of what a call failed with for good. */
  readonly onFailed?: (call: FailedCall) => void;
}

/** The calls of an item, as its timeout and its place in the run count them. */
export interface ItemTurns extends CallTurns {
  /** A call is made. */
  began(): void;
  /** It has come to its end. */
  ended(): void;
}

/** A model, and what its calls are recorded as. */
export interface NamedModel extends LimitedModel {
  readonly pricedAs?: PricedAs | undefined;
  /** Whether it is called inside a call of another model. */
  readonly isInside?: boolean;
  /** Runs a call so that those that it makes in turn are known as inside of it. */
  readonly inside?: <Value>(call: () => Value) => Value;
}

interface Call<Value> extends Omit<AskedCall, "model" | "startedAt"> {
  readonly options: CallOptions | undefined;
  readonly tokens: (estimate: TokenEstimate) => TokensAsked;
  readonly once: (options: CallOptions) => Promise<Value>;
  /** What it answered that is to be recorded. */
  readonly answers: (value: Value) => readonly ModelResponse[];
  /** What the answers answer, one by one. */
  readonly requests?: readonly (string | ModelRequest)[];
}

interface Attempted {
  readonly note: CallNote;
  /** When the call began, on the monotonic clock. */
  readonly began: number;
  readonly cost: Cost;
  readonly signal: AbortSignal;
}

/** Wraps a model for one item. */
export function modelForItem(
  named: NamedModel,
  notes: CallNotes,
  context: CallContext,
): Model {
  const { model, name, pricedAs, isInside = false, inside } = named;
  const { clock, random, timer, callTimeout: timeout, prices, turns } = context;
  const limits = context.limits.of(named);

  async function attempts<Value>(
    asked: Call<Value>,
    { note, began, cost, signal }: Attempted,
  ): Promise<Value> {
    let isProbe = false;
    let isWaiting = false;
    let waitedMs = 0;
    try {
      return await retry(async (attempt) => {
        if (isWaiting) turns.goesOn("retry");
        isWaiting = false;
        note.attempts = attempt;
        const asking = clock.monotonic();
        let start = asking;
        const isRetry = attempt > 1;
        const sending = { limits, cost, isRetry, isInside, signal, timeout, timer, turns };
        const onSent = (isTrial: boolean) => {
          isProbe = isTrial;
          start = clock.monotonic();
          waitedMs += start - asking;
        };
        const tried = (failed?: { readonly thrown: unknown }) =>
          notes.tried(note, {
            sentMs: start - began,
            latencyMs: clock.monotonic() - start,
            ...failed,
          });
        try {
          const value = await sendCall(
            { ...sending, onSent },
            (signal) => inside ? inside(() => asked.once({ signal })) : asked.once({ signal }),
            (value) => asked.answers(value).at(-1)?.limits,
          );
          tried();
          return value;
        } catch (thrown) {
          tried({ thrown });
          throw thrown;
        }
      }, {
        ...context.retry,
        clock,
        random,
        signal,
        isRetryable: (error) =>
          isRetryable(error) && !FutileCalls.down(failed(error), clock.monotonic()),
        retryAfterMs,
        // What refuses everything is not busy: it is tried as often as any call.
        isRefusal: (error) => isRateLimit(error) && limits.limiter.endpoint.hasAnswered,
        isProbe: () => isProbe,
        waitedMs: () => waitedMs,
        onRetry: (error, attempt, delayMs) => {
          isWaiting = true;
          turns.waits("retry");
          context.onRetry({ model: name, attempt, delayMs, error });
        },
      });
    } finally {
      if (isWaiting) turns.goesOn("retry");
    }
  }

  function failed(error: unknown): FailedCall {
    return { model: name, error, endpoint: limits.limiter.endpoint };
  }

  async function call<Value>(asked: Call<Value>): Promise<Value> {
    const { kind, request } = asked;
    const note = notes.begin({ model: name, kind, request, startedAt: clock.now() });
    const began = clock.monotonic();
    const signal = asked.options?.signal
      ? AbortSignal.any([asked.options.signal, context.signal])
      : context.signal;
    turns.began();
    let held: Held | undefined;
    try {
      const tokens = () => asked.tokens(limits.estimate);
      held = await holdPart(tokens, signal);
      const value = await attempts(asked, { note, began, cost: tokens(), signal });
      const answers = asked.answers(value);
      const cost = pricedAs && await prices.cost(answers, pricedAs);
      for (const [at, request] of asked.requests?.entries() ?? []) {
        limits.estimate.learn(request, answers[at]?.usage ?? {});
      }
      held?.answered(answers, cost);
      notes.answer(note, { answers, cost });
      context.onAnswered?.({ model: name, cost });
      return value;
    } catch (thrown) {
      held?.failed();
      notes.fail(note, thrown);
      if (thrown instanceof BudgetSpentError) context.onSpent?.();
      else if (!signal.aborted) context.onFailed?.(failed(thrown));
      throw thrown;
    } finally {
      turns.ended();
    }
  }

  /** Waits for a part of the budgets, which counts as waiting for a turn. */
  async function holdPart(
    tokens: () => TokensAsked,
    signal: AbortSignal,
  ): Promise<Held | undefined> {
    const { budgets } = context;
    if (!budgets?.length) return undefined;
    turns.waits("budget");
    try {
      return await hold(budgets, { tokens, pricedAs, isInside, signal }, prices);
    } finally {
      turns.goesOn("budget");
    }
  }

  const { embed, generateBatch } = model;
  return {
    generate: (request, options) =>
      call({
        kind: "generate",
        request,
        options,
        tokens: (estimate) => estimate.of(request),
        once: (once) => model.generate(request, once),
        answers: (response) => [checkedResponse(response)],
        requests: [request],
      }),
    ...embed && {
      embed: (texts, options) =>
        call({
          kind: "embed",
          request: texts,
          options,
          tokens: (estimate) => ({ ...estimate.of(texts), outputTokens: 0, isGuess: false }),
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
          tokens: (estimate) => estimate.of(requests),
          once: (once) => generateBatch.call(model, requests, once),
          answers: checkedResponses,
          requests,
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
