/**
 * Places for calls, as many as a limit allows.
 *
 * @module
 */
import type { ConcurrencyLimit, EndedCall } from "./strategy.ts";

/** Places that one or several limiters share. */
export class Places {
  readonly limit: ConcurrencyLimit;
  #inFlight = 0;
  readonly #waiters = new Set<() => void>();

  /** As many places as `limit` allows. */
  constructor(limit: ConcurrencyLimit) {
    this.limit = limit;
  }

  /** How many are taken. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Takes a place, if there is one. */
  take(): boolean {
    if (this.#inFlight >= this.limit.current) return false;
    this.#inFlight++;
    return true;
  }

  /** Has `wake` called when a place is free; those who share the places are called in turn. */
  onFree(wake: () => void): void {
    this.#waiters.add(wake);
  }

  /** Gives a place back, with what came of the call where one was made. */
  give(call?: Omit<EndedCall, "inFlight">): void {
    this.#inFlight--;
    if (call) this.limit.ended({ ...call, inFlight: this.#inFlight });
    this.wake();
  }

  /** Calls those who wait while there are places. */
  wake(): void {
    for (const waiter of [...this.#waiters]) {
      if (this.#inFlight >= this.limit.current) return;
      this.#waiters.delete(waiter);
      waiter();
    }
  }
}
