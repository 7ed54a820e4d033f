/**
 * What calls of an item's models need.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { RetryOptions } from "../evaluation/options.ts";
import type { PricedAs } from "../providers/model.ts";
import type { AwakeTimer } from "../schedule/awake_timer.ts";
import type { Budget } from "../schedule/budget.ts";
import type { CallNotes } from "./call_notes.ts";
import type { LimitedModel, ModelLimits, RunLimits } from "./endpoints.ts";
import type { FailedCall } from "./futile_calls.ts";
import type { Prices } from "./prices.ts";
import type { CallTurns } from "./send_call.ts";

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
  /** Told of what a call failed with for good; says whether further calls are in vain. */
  readonly onFailed?: (call: FailedCall) => boolean;
  /** Told that the item's calls are in vain: a budget has nothing left for them, or all would fail. */
  readonly onVain?: () => void;
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

/** One model as one item calls it. */
export interface Caller {
  readonly named: NamedModel;
  readonly limits: ModelLimits;
  readonly notes: CallNotes;
  readonly context: CallContext;
}
