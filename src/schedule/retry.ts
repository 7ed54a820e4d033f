/**
 * Trying again: the only place where anything is tried again.
 *
 * @module
 */
import type { RetryOptions } from "../evaluation/options.ts";
import { type Clock, wait } from "../clock.ts";

/** What {@linkcode retry} needs beside the call. */
export interface RetryContext extends RetryOptions {
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Ends the waiting, and with it the trying. */
  readonly signal: AbortSignal;
  /** Whether a further call can help. */
  readonly isRetryable: (error: unknown) => boolean;
  /** Milliseconds that the other side asked to be left alone for. */
  readonly retryAfterMs: (error: unknown) => number | undefined;
  /** Told of each failure that is followed by another call. */
  readonly onRetry?: (error: unknown, attempt: number, delayMs: number) => void;
}

/**
 * Runs `call` until it succeeds, fails for good, or the attempts are used up.
 *
 * Waits grow exponentially with full jitter (milliseconds); what the other side asked
 * for takes precedence, and may exceed the longest wait.
 *
 * Source of the formula: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 *
 * @throws the last error of `call`, never a wrapper around it
 */
export async function retry<Value>(
  call: (attempt: number) => Promise<Value>,
  context: RetryContext,
): Promise<Value> {
  const { maxAttempts = 4, initialDelay = 1000, maxDelay = 30_000 } = context;
  for (let attempt = 1;; attempt++) {
    try {
      return await call(attempt);
    } catch (error) {
      if (attempt >= maxAttempts || context.signal.aborted || !context.isRetryable(error)) {
        throw error;
      }
      const ceiling = Math.min(maxDelay, initialDelay * 2 ** (attempt - 1));
      const delay = context.retryAfterMs(error) ?? context.random() * ceiling;
      context.onRetry?.(error, attempt, delay);
      try {
        await wait(context.clock, delay, context.signal);
      } catch {
        // Stopped while waiting: the call's own error says more than the stop.
        throw error;
      }
    }
  }
}
