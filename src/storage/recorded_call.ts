/**
 * What is recorded of the calls that items make of models, and what they add up to.
 *
 * @module
 */

/** `generate` and `embed` are one request, `batch` is one call of `generateBatch`. */
export type CallKind = "generate" | "embed" | "batch";

/** One attempt of a call that took several. */
export interface CallTry {
  /** When it was sent, in milliseconds from the call's beginning. */
  readonly sentMs: number;
  /** How long it took, in milliseconds. */
  readonly latencyMs: number;
  /** How it failed, where it did: the error's name and message. */
  readonly error: string | undefined;
}

/** What one call of a model took, all of its attempts together. */
export interface RecordedCall {
  /** What results call the model. */
  readonly model: string;
  /** What it was asked to do. */
  readonly kind: CallKind;
  /** How often it was tried. */
  readonly attempts: number;
  /** When it began, in milliseconds since the epoch; absent from results of earlier versions. */
  readonly startedAt?: number | undefined;
  /** Its attempts one by one, where there were several. */
  readonly tries?: readonly CallTry[] | undefined;
  /** Milliseconds that the last attempt took, to the microsecond; waiting for it is not in them. */
  readonly latencyMs: number | undefined;
  /** Milliseconds until the answer's first token, to the microsecond. */
  readonly timeToFirstTokenMs: number | undefined;
  /** Tokens of the request. */
  readonly inputTokens: number | undefined;
  /** Tokens of the answer. */
  readonly outputTokens: number | undefined;
  /** Tokens of the request that were read from a cache. */
  readonly cachedTokens: number | undefined;
  /** Tokens of the answer that were spent on reasoning. */
  readonly reasoningTokens: number | undefined;
  /** US dollars, to 12 decimals; `undefined` where no price is known. */
  readonly cost: number | undefined;
  /** Why the model stopped. */
  readonly finishReason: string | undefined;
  /** How it failed, where it did: the error's name and message. */
  readonly error: string | undefined;
  /** What it was asked, encoded; `undefined` where that is the item's prompt. */
  readonly request: string | undefined;
  /** What it answered, encoded; `undefined` where that is the item's response, and of `embed`. */
  readonly response: string | undefined;
}

/** What the calls of one model by the items of one evaluation add up to. */
export interface CallTotals {
  /** What results call the model. */
  readonly model: string;
  /** How many calls there are. */
  readonly calls: number;
  /** Calls among these that failed. */
  readonly failed: number;
  /** Tokens of all requests, as far as they are known; `undefined`, as the others, where none is. */
  readonly inputTokens: number | undefined;
  /** Tokens of all answers. */
  readonly outputTokens: number | undefined;
  /** Tokens of requests that were read from a cache. */
  readonly cachedTokens: number | undefined;
  /** Tokens of answers that were spent on reasoning. */
  readonly reasoningTokens: number | undefined;
  /** Calls whose cost is known. */
  readonly priced: number;
  /** US dollars that these cost; `undefined` where there is none. */
  readonly cost: number | undefined;
  /** Milliseconds that a call took that answered, on average. */
  readonly meanLatencyMs: number | undefined;
}

type TokenKind = "inputTokens" | "outputTokens" | "cachedTokens" | "reasoningTokens";

/** Sums in whole numbers, so that they are exact, in whatever order calls come and go. */
export interface CallSums extends Omit<CallTotals, "cost" | "meanLatencyMs" | TokenKind> {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly reasoningTokens: number;
  readonly picodollars: number;
  /** Calls that answered, and whose latency is known. */
  readonly timed: number;
  readonly latencyUs: number;
}

/** What sums say. A request has tokens: where none are counted, the provider does not count them. */
export function totalsOf({ picodollars, timed, latencyUs, ...totals }: CallSums): CallTotals {
  const isCounted = totals.inputTokens + totals.outputTokens > 0;
  return {
    ...totals,
    ...!isCounted && NOT_COUNTED,
    cost: totals.priced === 0 ? undefined : picodollars / 1e12,
    meanLatencyMs: timed === 0 ? undefined : latencyUs / timed / 1000,
  };
}

const NOT_COUNTED: Readonly<Record<TokenKind, undefined>> = {
  inputTokens: undefined,
  outputTokens: undefined,
  cachedTokens: undefined,
  reasoningTokens: undefined,
};

/** What calls add up to, by model, in the order of the models' names. */
export function addUp(calls: Iterable<RecordedCall>): readonly CallTotals[] {
  const byModel = new Map<string, CallSums>();
  for (const call of calls) {
    byModel.set(call.model, plus(byModel.get(call.model) ?? nothing(call.model), call));
  }
  return [...byModel.values()].sort((a, b) => a.model < b.model ? -1 : 1).map(totalsOf);
}

function nothing(model: string): CallSums {
  return {
    model,
    calls: 0,
    failed: 0,
    inputTokens: 0,
    outputTokens: 0,
    cachedTokens: 0,
    reasoningTokens: 0,
    priced: 0,
    picodollars: 0,
    timed: 0,
    latencyUs: 0,
  };
}

function plus(sums: CallSums, call: RecordedCall): CallSums {
  const isTimed = call.error === undefined && call.latencyMs !== undefined;
  return {
    model: sums.model,
    calls: sums.calls + 1,
    failed: sums.failed + (call.error === undefined ? 0 : 1),
    inputTokens: sums.inputTokens + (call.inputTokens ?? 0),
    outputTokens: sums.outputTokens + (call.outputTokens ?? 0),
    cachedTokens: sums.cachedTokens + (call.cachedTokens ?? 0),
    reasoningTokens: sums.reasoningTokens + (call.reasoningTokens ?? 0),
    priced: sums.priced + (call.cost === undefined ? 0 : 1),
    picodollars: sums.picodollars + Math.round((call.cost ?? 0) * 1e12),
    timed: sums.timed + (isTimed ? 1 : 0),
    latencyUs: sums.latencyUs + (isTimed ? Math.round((call.latencyMs ?? 0) * 1000) : 0),
  };
}
