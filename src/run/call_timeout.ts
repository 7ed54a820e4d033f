/**
 * The time limit of one call.
 *
 * @module
 */
import { TransientError } from "../providers/model_error.ts";
import type { AwakeTimer } from "../schedule/awake_timer.ts";

/** A call took longer than its evaluation's `callTimeout`; it is made again like one that failed. */
export class CallTimeoutError extends TransientError {
  /** Says how long it was given. */
  constructor(milliseconds: number) {
    super(`The call took longer than its callTimeout of ${milliseconds} ms.`);
    this.name = "CallTimeoutError";
  }
}

/** What ends a call, beside its answer. */
export interface CallLimit {
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly timeout: number;
  readonly timer: AwakeTimer;
}

/**
 * Makes a call with a signal that is aborted at its time limit too.
 *
 * @throws {CallTimeoutError} at the limit, whether the call heeds its signal or not
 */
export async function withinTimeout<Value>(
  { signal, timeout, timer }: CallLimit,
  call: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const ending = new AbortController();
  const late = Promise.withResolvers<never>();
  const stop = () => ending.abort(signal.reason);
  const running = timer.start(timeout, () => {
    const error = new CallTimeoutError(timeout);
    ending.abort(error);
    late.reject(error);
  });
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([call(ending.signal), late.promise]);
  } finally {
    running.clear();
    signal.removeEventListener("abort", stop);
  }
}
