/**
 * One signal for all that may end a call.
 *
 * @module
 */

/** A signal that lives as long as one call. */
export interface CallSignal extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * A signal that is aborted with the first of `signals`, and with a `TimeoutError` once `timeoutMs` have
 * passed. It leaves neither timer nor listener behind, as `AbortSignal.any` and `.timeout` do.
 */
export function callSignal(
  signals: readonly (AbortSignal | undefined)[],
  timeoutMs: number,
): CallSignal {
  const controller = new AbortController();
  const listeners = new DisposableStack();
  for (const signal of signals) {
    if (signal === undefined) continue;
    if (signal.aborted) controller.abort(signal.reason);
    const pass = () => controller.abort(signal.reason);
    signal.addEventListener("abort", pass);
    listeners.defer(() => signal.removeEventListener("abort", pass));
  }
  const timer = setTimeout(() => {
    const message = `There was no whole answer within ${timeoutMs} ms.`;
    controller.abort(new DOMException(message, "TimeoutError"));
  }, timeoutMs);
  listeners.defer(() => clearTimeout(timer));
  return { signal: controller.signal, [Symbol.dispose]: () => listeners.dispose() };
}
