/**
 * Starts as many items as their calls, and what they do beside them, have use for.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { CallOutcome, ConcurrencyLimit } from "./strategy.ts";

/** A call may wait for so many that are under way, beside the first few: no more items are needed. */
const WAITING_PER_CALL = 0.1;
const WAITING_LEAST = 2;

/** So many calls may wait for endpoints that are away, and hold up no item that has use for others. */
const MOST_PARKED = 100;

/** Lets items through. */
export interface Gate {
  /** Waits for a place, where there is none. */
  enter(): ItemPlace | Promise<ItemPlace>;
  /** More or fewer calls wait for their turn. */
  callsWait?(change: number): void;
  /** More or fewer of them wait for an endpoint that is away. */
  callsPark(change: number): void;
}

/** An item that was let through. */
export interface ItemPlace {
  /** One of its calls waits for its turn, or is under way. */
  callBegan(): void;
  /** That call has ended. */
  callEnded(): void;
  /** The item has ended; `undefined` where there was none. */
  leave(outcome: CallOutcome | undefined): void;
}

/**
 * Lets items through while few of them wait for their turn at a model. Those that are not in a
 * call, as far as that is known, are held to a limit of their own.
 */
export class ItemGate implements Gate {
  readonly #limit: ConcurrencyLimit;
  #clock: Clock;
  #underWay = 0;
  #inCalls = 0;
  #callsWaiting = 0;
  #callsParked = 0;
  #queue: ((place: ItemPlace) => void)[] = [];

  /** Holds items that are not in a call to `limit`. */
  constructor(limit: ConcurrencyLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  enter(): ItemPlace | Promise<ItemPlace> {
    if (this.#queue.length === 0 && this.#hasRoom()) return this.#place();
    return new Promise((resolve) => {
      this.#queue.push(resolve);
    });
  }

  callsWait(change: number): void {
    this.#callsWaiting += change;
    if (change < 0) this.#serve();
  }

  callsPark(change: number): void {
    this.#callsParked += change;
    if (change > 0) this.#serve();
  }

  #hasRoom(): boolean {
    return this.#underWay - this.#inCalls < this.#limit.current &&
      this.#callsWaiting - Math.min(MOST_PARKED, this.#callsParked) <
        Math.max(WAITING_LEAST, this.#inCalls * WAITING_PER_CALL);
  }

  #serve(): void {
    while (this.#queue.length > 0 && this.#hasRoom()) this.#queue.shift()?.(this.#place());
  }

  #place(): ItemPlace {
    const startedAt = this.#clock.monotonic();
    let calls = 0;
    this.#underWay++;
    return {
      callBegan: () => {
        if (++calls > 1) return;
        this.#inCalls++;
        this.#serve();
      },
      callEnded: () => {
        if (--calls === 0) this.#inCalls--;
      },
      leave: (outcome) => {
        this.#underWay--;
        // An item may end without waiting for its calls.
        if (calls > 0) this.#inCalls--;
        calls = -Infinity;
        if (outcome) this.#ended(startedAt, outcome);
        this.#serve();
      },
    };
  }

  #ended(startedAt: number, outcome: CallOutcome): void {
    this.#limit.ended({
      startedAt,
      endedAt: this.#clock.monotonic(),
      outcome,
      inFlight: this.#underWay - this.#inCalls,
      waiting: this.#callsWaiting > 0 ? 0 : this.#queue.length,
    });
  }
}
