/**
 * How many items and calls of one evaluation are under way at this moment.
 *
 * @module
 */

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

  /** Calls that are sent and not answered. */
  get inFlight(): number {
    const { turn, retry, budget } = this.waiting;
    return Math.max(0, this.calls - turn - retry - budget);
  }
}
