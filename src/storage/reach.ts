/**
 * Whether a remote database answers; told when it has not for a while, and when it does again.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { DotevalsError } from "../errors.ts";

/** For how long a database must not answer before that is worth telling, in milliseconds. */
const TELL_AFTER = 1_000;

/** Who wants to know. */
export interface ReachListener {
  /** The database has not answered for a while; told once each time. */
  away(error: DotevalsError): void;
  /** It answers again. */
  back(): void;
}

/** Follows whether a database answers. */
export class Reach {
  readonly #clock: Clock;
  readonly #listeners = new Set<ReachListener>();
  #since: number | undefined;
  #told = false;

  /** Takes it that the database can be reached. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Tells a listener from now on; returns what ends that. */
  listen(listener: ReachListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Notes that a call which began at `since`, on the monotonic clock, was not answered. */
  missed(error: DotevalsError, since: number): void {
    this.#since ??= since;
    if (this.#told || this.#clock.monotonic() - this.#since < TELL_AFTER) return;
    this.#told = true;
    for (const listener of this.#listeners) listener.away(error);
  }

  /** Notes that the database answered. */
  met(): void {
    this.#since = undefined;
    if (!this.#told) return;
    this.#told = false;
    for (const listener of this.#listeners) listener.back();
  }
}
