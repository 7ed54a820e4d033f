/**
 * The calls of one model that are under way.
 *
 * @module
 */

import { TransientError } from "../src/providers/model_error.ts";

/** Calls under way, to be ended together; a listener for each on one signal would take longer. */
export class OngoingCalls {
  readonly #calls = new Set<AbortController>();

  /** Counts a call in. */
  add(call: AbortController): void {
    this.#calls.add(call);
  }

  /** Counts a call out. */
  delete(call: AbortController): void {
    this.#calls.delete(call);
  }

  /** Ends all calls, because their model is torn down. */
  end(): void {
    const reason = new TransientError("The model was torn down during the call.");
    for (const call of this.#calls) call.abort(reason);
  }
}
