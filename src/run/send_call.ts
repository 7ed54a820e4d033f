/**
 * One attempt of a call: its turn at the endpoint, its time limit, and what its end says of the
 * endpoint.
 *
 * @module
 */
import {
  isOverload,
  isRateLimit,
  isRetryable,
  limitsOf,
  retryAfterMs,
} from "../providers/call_failure.ts";
import type { CallEnd, Endpoint } from "../schedule/endpoint.ts";
import type { Cost } from "../schedule/quota.ts";
import type { AwakeTimer } from "../schedule/awake_timer.ts";
import type { WaitingFor } from "./call_tally.ts";
import { withinTimeout } from "./call_timeout.ts";
import type { ModelLimits } from "./endpoints.ts";

/** An item's calls, as its timeout and its place count them. */
export interface CallTurns {
  /** A call waits; for its turn, at an endpoint. */
  waits(what: WaitingFor, at?: Endpoint): void;
  /** It goes on. */
  goesOn(what: WaitingFor, at?: Endpoint): void;
}

/** What an attempt needs. */
export interface Sending {
  readonly limits: ModelLimits;
  readonly cost: Cost;
  readonly isRetry: boolean;
  /** Whether it is made inside another call of the same item. */
  readonly isInside: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds; no limit without it. */
  readonly timeout: number | undefined;
  readonly timer: AwakeTimer;
  readonly turns: CallTurns;
  /** Told when its turn has come, and whether it is to find out if the endpoint is up. */
  readonly onSent: (isProbe: boolean) => void;
}

/**
 * Sends a call when it is its turn.
 *
 * @throws what the call failed with, or the signal's reason
 */
export async function sendCall<Value>(
  sending: Sending,
  once: (signal: AbortSignal) => Promise<Value>,
  reading: (value: Value) => CallEnd["reading"],
): Promise<Value> {
  const { limits: { limiter, watch }, cost, isRetry, isInside, signal, timeout, timer } = sending;
  const entering = limiter.enter({ cost, signal, isRetry, isInside });
  const admission = entering instanceof Promise ? await itsTurn(entering, sending) : entering;
  sending.onSent(admission.isProbe);
  watch?.callBegan();
  try {
    const value = timeout === undefined
      ? await once(signal)
      : await withinTimeout({ signal, timeout, timer }, once);
    admission.end({ outcome: "answered", reading: reading(value) });
    return value;
  } catch (error) {
    admission.end(endOf(error, signal));
    throw error;
  } finally {
    watch?.callEnded();
  }
}

async function itsTurn<Value>(
  entering: Promise<Value>,
  { turns, limits: { limiter: { endpoint } } }: Sending,
): Promise<Value> {
  turns.waits("turn", endpoint);
  try {
    return await entering;
  } finally {
    turns.goesOn("turn", endpoint);
  }
}

/** What a failure says of the endpoint. */
function endOf(error: unknown, signal: AbortSignal): CallEnd {
  if (signal.aborted) {
    // An item that took too long waited for an answer; any other end says nothing.
    return isOverload(signal.reason)
      ? { outcome: "refused", isDown: true, error: signal.reason }
      : { outcome: "stopped" };
  }
  return {
    outcome: isOverload(error) ? "refused" : "failed",
    isDown: isRetryable(error) && !isRateLimit(error),
    error,
    retryAfterMs: retryAfterMs(error),
    reading: limitsOf(error),
  };
}
