/**
 * How many items and calls of one evaluation are under way at this moment.
 *
 * @module
 */

import type { Endpoint } from "../schedule/endpoint.ts";

/** What a call waits for: its turn at the endpoint, the time of its next attempt, or a budget. */
export type WaitingFor = "turn" | "retry" | "budget";

/** Counts up and down while items run; costs nothing to speak of. */
export class CallTally {
  /** Items that are under way. */
  items = 0;
  /** Calls that have begun and not ended, those that wait among them. */
  calls = 0;
  /** Calls that wait, by what for. */
  readonly waiting: Record<WaitingFor, number> = { turn: 0, retry: 0, budget: 0 };

  /** Told when no call waits for its turn at an endpoint any more. */
  onFree: (() => void) | undefined;

  /** Calls that wait for their turn, by where. */
  readonly #turns = new Map<Endpoint, number>();

  /** A call waits; for its turn, at an endpoint. */
  waits(what: WaitingFor, at?: Endpoint): void {
    this.waiting[what]++;
    if (at) this.#turns.set(at, (this.#turns.get(at) ?? 0) + 1);
  }

  /** It goes on. */
  goesOn(what: WaitingFor, at?: Endpoint): void {
    this.waiting[what]--;
    if (!at) return;
    const left = (this.#turns.get(at) ?? 0) - 1;
    if (left > 0) return void this.#turns.set(at, left);
    this.#turns.delete(at);
    this.onFree?.();
  }

  /** Whether a call waits for an endpoint that is away: those of further items would do so too. */
  isHeldUp(now: number): boolean {
    for (const endpoint of this.#turns.keys()) if (endpoint.breaker.isAway(now)) return true;
    return false;
  }

  /** Calls that are sent and not answered. */
  get inFlight(): number {
    const { turn, retry, budget } = this.waiting;
    return Math.max(0, this.calls - turn - retry - budget);
  }
}
