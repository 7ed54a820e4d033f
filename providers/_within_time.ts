/**
 * A call's end: its caller's signal, its time limit, or its model's end.
 *
 * @module
 */
import { TransientError } from "../src/providers/model_error.ts";
import type { OngoingCalls } from "./_ongoing_calls.ts";

/** What ends a call. */
export interface CallEnds {
  /** Milliseconds until the end of the answer, after which the call counts as lost. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** The calls of the same model, which end with it. */
  readonly ongoing?: OngoingCalls | undefined;
}

/**
 * Makes a call with a signal that ends it, and with it its connection, also when the call fails
 * by itself, in the middle of an answer say.
 *
 * One controller serves both ends: `AbortSignal.any` and `timeout` take more than the rest of a call.
 *
 * @throws the reason of the end, or what `toError` makes of what the call threw
 */
export async function withinTime<Answer>(
  { timeoutMs, signal, ongoing }: CallEnds,
  call: (signal: AbortSignal) => Promise<Answer>,
  toError: (error: unknown) => unknown,
): Promise<Answer> {
  signal?.throwIfAborted();
  const ending = new AbortController();
  const stop = () => ending.abort(signal?.reason);
  // A longer timer fires at once.
  const timer = setTimeout(
    () => ending.abort(tooLate(timeoutMs)),
    Math.min(timeoutMs, 2 ** 31 - 1),
  );
  signal?.addEventListener("abort", stop);
  ongoing?.add(ending);
  try {
    return await call(ending.signal);
  } catch (error) {
    if (ending.signal.aborted) throw ending.signal.reason;
    const failure = toError(error);
    ending.abort(failure);
    throw failure;
  } finally {
    clearTimeout(timer);
    ongoing?.delete(ending);
    signal?.removeEventListener("abort", stop);
  }
}

function tooLate(timeoutMs: number): TransientError {
  const message = `No whole answer came within ${timeoutMs / 1000} s.`;
  return new TransientError(message, { cause: new DOMException(message, "TimeoutError") });
}
