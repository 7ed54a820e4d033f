/**
 * The attempts of one call.
 *
 * @module
 */
import type { CallOptions, ModelResponse } from "../providers/model.ts";
import { isRateLimit, isRetryable, retryAfterMs } from "../providers/call_failure.ts";
import type { Cost } from "../schedule/quota.ts";
import { retry, type RetryContext } from "../schedule/retry.ts";
import type { Caller } from "./call_context.ts";
import type { CallNote } from "./call_notes.ts";
import { FutileCalls } from "./futile_calls.ts";
import { sendCall } from "./send_call.ts";

/** A call, as far as an attempt of it is concerned. */
export interface Attempted<Value> {
  readonly note: CallNote;
  /** When the call began, on the monotonic clock. */
  readonly began: number;
  readonly cost: Cost;
  readonly signal: AbortSignal;
  readonly once: (options: CallOptions) => Promise<Value>;
  /** What it answered that is to be recorded. */
  readonly answers: (value: Value) => readonly ModelResponse[];
}

/** Tries one call until it is answered or fails for good. */
export class CallAttempts<Value> {
  readonly #caller: Caller;
  readonly #call: Attempted<Value>;
  /** Whether the last attempt was to find out if the endpoint is up. */
  #isProbe = false;
  /** Whether the next attempt is waited for. */
  #isWaiting = false;
  /** How long attempts waited for their turn, in milliseconds. */
  #waitedMs = 0;

  /** Makes no attempt yet. */
  constructor(caller: Caller, call: Attempted<Value>) {
    this.#caller = caller;
    this.#call = call;
  }

  /**
   * Makes attempts, one after the other.
   *
   * @throws what the last of them failed with
   */
  async run(): Promise<Value> {
    try {
      return await retry((attempt) => this.#attempt(attempt), this.#rules());
    } finally {
      this.#goOn();
    }
  }

  #rules(): RetryContext {
    const { named: { name: model }, limits, context } = this.#caller;
    const { clock, random, turns } = context;
    const { endpoint } = limits.limiter;
    return {
      ...context.retry,
      clock,
      random,
      signal: this.#call.signal,
      isRetryable: (error) =>
        isRetryable(error) && !FutileCalls.away({ model, error, endpoint }, clock.monotonic()),
      retryAfterMs,
      // What refuses everything is not busy: it is tried as often as any call.
      isRefusal: (error) => isRateLimit(error) && endpoint.hasAnswered,
      isProbe: () => this.#isProbe,
      waitedMs: () => this.#waitedMs,
      onRetry: (error, attempt, delayMs) => {
        this.#isWaiting = true;
        turns.waits("retry");
        context.onRetry({ model, attempt, delayMs, error });
      },
    };
  }

  #goOn(): void {
    if (this.#isWaiting) this.#caller.context.turns.goesOn("retry");
    this.#isWaiting = false;
  }

  async #attempt(attempt: number): Promise<Value> {
    const { named: { isInside = false, inside }, limits, notes, context } = this.#caller;
    const { clock, timer, turns, callTimeout: timeout } = context;
    const { note, began, cost, signal, once, answers } = this.#call;
    this.#goOn();
    note.attempts = attempt;
    const asking = clock.monotonic();
    let start = asking;
    const onSent = (isProbe: boolean) => {
      this.#isProbe = isProbe;
      start = clock.monotonic();
      this.#waitedMs += start - asking;
    };
    const tried = (failed?: { readonly thrown: unknown }) =>
      notes.tried(note, {
        sentMs: start - began,
        latencyMs: clock.monotonic() - start,
        ...failed,
      });
    const isRetry = attempt > 1;
    try {
      const value = await sendCall(
        { limits, cost, isRetry, isInside, signal, timeout, timer, turns, onSent },
        (signal) => inside ? inside(() => once({ signal })) : once({ signal }),
        (value) => answers(value).at(-1)?.limits,
      );
      tried();
      return value;
    } catch (thrown) {
      tried({ thrown });
      throw thrown;
    }
  }
}
