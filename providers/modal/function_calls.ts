/**
 * Calls of a deployed function that are under way.
 *
 * @module
 */
import type { Function_, FunctionCall } from "modal";
import type { Connection } from "./connection.ts";
import type { FunctionInput } from "./function_input.ts";
import { untilAborted } from "./until_aborted.ts";

/** What {@linkcode FunctionCalls} needs beside the function. */
export interface FunctionCallsOptions {
  readonly until: Connection["until"];
  /** Told when a call that nobody waits for could not be cancelled, and so runs on. */
  readonly onCancelFailed: (error: unknown) => void;
}

/**
 * Calls a function, and cancels at Modal the calls that are given up here.
 *
 * A call is spawned and then asked for its output: only a spawned call has an id to cancel it by, and
 * the SDK makes no second try of it on its own.
 */
export class FunctionCalls {
  readonly #target: Function_;
  readonly #options: FunctionCallsOptions;
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #cancelling = new Set<Promise<void>>();

  /** Calls `target`. */
  constructor(target: Function_, options: FunctionCallsOptions) {
    this.#target = target;
    this.#options = options;
  }

  /** What the function returned for `input`. */
  async call(input: FunctionInput, signal?: AbortSignal): Promise<unknown> {
    this.#ending.signal.throwIfAborted();
    const given = signal === undefined ? [] : [signal];
    const call = this.#call(input, AbortSignal.any([this.#ending.signal, ...given]));
    this.#running.add(call);
    try {
      return await call;
    } finally {
      this.#running.delete(call);
    }
  }

  /** How many calls wait for their output. */
  get running(): number {
    return this.#running.size;
  }

  /** Gives up all calls, and is done when each of them is cancelled. */
  async end(reason: Error): Promise<void> {
    this.#ending.abort(reason);
    await Promise.allSettled(this.#running);
    await Promise.all(this.#cancelling);
  }

  async #call({ args, kwargs }: FunctionInput, stop: AbortSignal): Promise<unknown> {
    const { until } = this.#options;
    const spawned = until(stop, () => this.#target.spawn(args, kwargs));
    try {
      const call = await untilAborted(spawned, stop);
      return await until(stop, () => call.get());
    } catch (error) {
      if (!stop.aborted) throw error;
      this.#cancel(spawned);
      throw stop.reason;
    }
  }

  /** The call may still be on its way; it is cancelled when its id is known. */
  #cancel(spawned: Promise<FunctionCall>): void {
    const cancelled = spawned
      .then((call) => call.cancel().catch(this.#options.onCancelFailed), () => {})
      .finally(() => this.#cancelling.delete(cancelled));
    this.#cancelling.add(cancelled);
  }
}
