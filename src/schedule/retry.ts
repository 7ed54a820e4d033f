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
  /** Whether the endpoint refused the attempt because there were too many: it counts apart. */
  readonly isRefusal?: (error: unknown) => boolean;
  /** Whether the attempt that failed was to find out if the endpoint is up: it does not count. */
  readonly isProbe?: (error: unknown) => boolean;
  /** Milliseconds in which nothing was tried because others had their turn. */
  readonly waitedMs?: () => number;
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
  const { maxAttempts = 4, maxRefusals = maxAttempts === 1 ? 0 : 30 } = context;
  const { initialDelay = 1000, maxDelay = 30_000, maxTime = Infinity } = context;
  const start = context.clock.monotonic();
  let [counted, refused] = [0, 0];
  for (let attempt = 1;; attempt++) {
    try {
      return await call(attempt);
    } catch (error) {
      // The endpoint is asked until it is up again, or given up: that is not this call's failing.
      const isCounted = !context.isProbe?.(error);
      if (isCounted && context.isRefusal?.(error) && refused < maxRefusals) refused++;
      else if (isCounted) counted++;
      if (counted >= maxAttempts || context.signal.aborted || !context.isRetryable(error)) {
        throw error;
      }
      const ceiling = Math.min(maxDelay, initialDelay * 2 ** Math.max(0, counted + refused - 1));
      const delay = context.retryAfterMs(error) ?? context.random() * ceiling;
      const took = context.clock.monotonic() - start - (context.waitedMs?.() ?? 0);
      if (took + delay > maxTime) throw error;
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
