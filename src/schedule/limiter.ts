/**
 * Lets calls through to an endpoint: as many as there are places, and no faster than it allows.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { CallEnd, Endpoint, EndpointPause, SentCall } from "./endpoint.ts";
import type { Places } from "./places.ts";
import { type Cost, lacks } from "./quota.ts";

/** A call that wants to be sent. */
export interface Asking {
  readonly cost: Cost;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Whether the call was sent before: it then goes before those that were not. */
  readonly isRetry: boolean;
  /** Whether it is made inside another call, which holds a place and waits for this one. */
  readonly isInside?: boolean;
}

/** A call that may be sent now. */
export interface Admission {
  /** Whether it is to find out if the endpoint is up again. */
  readonly isProbe: boolean;
  /** Says what came of it; to be called once. */
  end(end: CallEnd): void;
}

interface Waiting extends Asking {
  readonly admit: (admission: Admission) => void;
  isGone: boolean;
}

/** What a limiter needs. */
export interface LimiterOptions {
  readonly endpoint: Endpoint;
  readonly places: Places;
  readonly clock: Clock;
  /** Told whenever more or fewer calls wait, by how many. */
  readonly onWaiting?: (change: number) => void;
  /** The same of those that wait for an endpoint that is away. */
  readonly onParked?: (change: number) => void;
}

/** First come, first served; calls that are made again come before others. */
export class Limiter {
  readonly #options: LimiterOptions;
  readonly #retries: Waiting[] = [];
  readonly #others: Waiting[] = [];
  #waiting = 0;
  #parked = 0;
  #stopTimer: (() => void) | undefined;
  readonly #pump = () => this.#admitAll();

  /** Lets calls through to `endpoint` while there are `places`. */
  constructor(options: LimiterOptions) {
    this.#options = options;
    options.endpoint.onChange(this.#pump);
  }

  /** The endpoint that calls go to. */
  get endpoint(): Endpoint {
    return this.#options.endpoint;
  }

  /** How many calls wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** How many of them wait for an endpoint that is away. */
  get parked(): number {
    return this.#parked;
  }

  /** Why the next of the calls that wait cannot be sent, where that is not for want of a place. */
  pause(now: number): EndpointPause | undefined {
    const [next] = this.#nextQueue();
    return next && this.#options.endpoint.pause(next.cost, now);
  }

  /**
   * Waits until a call may be sent; gives the admission at once where that is now.
   *
   * @throws the signal's reason once it aborts
   */
  enter(asking: Asking): Admission | Promise<Admission> {
    const { places } = this.#options;
    const isFirst = this.#waiting === 0 || asking.isInside;
    const mayGo = isFirst && this.#waitFor(asking) === 0;
    if (mayGo && (asking.isInside || places.take())) {
      return this.#admission(asking);
    }
    return this.#wait(asking);
  }

  #wait(asking: Asking): Promise<Admission> {
    const { signal, isRetry } = asking;
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        ...asking,
        isGone: false,
        admit: (admission) => {
          signal.removeEventListener("abort", leave);
          resolve(admission);
        },
      };
      const leave = () => {
        waiting.isGone = true;
        this.#count(-1);
        reject(signal.reason);
        this.#admitAll();
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      // One inside of another goes first: what waits for a place may wait for that of its caller.
      if (asking.isInside) this.#retries.unshift(waiting);
      else (isRetry ? this.#retries : this.#others).push(waiting);
      this.#count(1);
      this.#admitAll();
    });
  }

  #count(change: number): void {
    this.#waiting += change;
    this.#options.onWaiting?.(change);
    this.#park();
  }

  #park(): void {
    const { endpoint, clock, onParked } = this.#options;
    if (this.#waiting === 0 && this.#parked === 0) return;
    const parked = endpoint.breaker.isAway(clock.monotonic()) ? this.#waiting : 0;
    const change = parked - this.#parked;
    this.#parked = parked;
    if (change !== 0) onParked?.(change);
  }

  #waitFor({ cost }: Asking): number | undefined {
    return this.#options.endpoint.wait(cost, this.#options.clock.monotonic());
  }

  #admitAll(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#park();
    for (;;) {
      const queue = this.#nextQueue();
      const [next] = queue;
      if (!next) return;
      const wait = this.#waitFor(next);
      if (wait === undefined) return;
      if (wait > 0) {
        this.#stopTimer = this.#options.clock.after(wait, this.#pump);
        return;
      }
      const { places } = this.#options;
      if (!next.isInside && !places.take()) return places.onFree(this.#pump);
      queue.shift();
      const admission = this.#admission(next);
      this.#count(-1);
      next.admit(admission);
    }
  }

  /** The queue whose turn it is, without those that have gone. */
  #nextQueue(): Waiting[] {
    for (const queue of [this.#retries, this.#others]) {
      while (queue[0]?.isGone) queue.shift();
      if (queue.length > 0) return queue;
    }
    return this.#others;
  }

  #admission({ cost, isInside = false }: Asking): Admission {
    const { endpoint, clock } = this.#options;
    const call = endpoint.send(cost, clock.monotonic());
    let isUnderWay = true;
    return {
      isProbe: call.isProbe,
      end: (end) => {
        if (isUnderWay) this.#end(call, { end, isInside });
        isUnderWay = false;
      },
    };
  }

  #end(
    call: SentCall,
    { end, isInside }: { readonly end: CallEnd; readonly isInside: boolean },
  ): void {
    const { endpoint, places, clock } = this.#options;
    const now = clock.monotonic();
    // A refusal for an allowance that is spent says nothing of how many calls there may be at once.
    const isQuota = end.reading !== undefined && lacks(end.reading, call.spent.cost);
    const outcome = end.outcome === "refused" && isQuota ? "failed" : end.outcome;
    const { startedAt } = call;
    const limit = places.limit.current;
    const waiting = this.#waiting;
    if (!isInside) {
      places.give(
        outcome === "stopped" ? undefined : { startedAt, endedAt: now, outcome, waiting },
      );
    }
    endpoint.ended(call, end, { now, limit });
  }
}
