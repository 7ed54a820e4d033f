/**
 * What stops one run: its lanes, and the items that are under way.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { ItemScope } from "./item_scope.ts";

/** Stops one run; the session that it is part of goes on. */
export class RunControl {
  /** Items under way. */
  readonly underWay: Set<ItemScope> = new Set();

  readonly #clock: Clock;
  readonly #stopping = Promise.withResolvers<void>();
  #isStopping = false;
  readonly #closers = new Set<() => void>();
  #endGrace: (() => void) | undefined;

  /** Counts the grace period by `clock`. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether no new items are started any more. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Comes when no new items are started any more. */
  get stopping(): Promise<void> {
    return this.#stopping.promise;
  }

  /** Has `close` called when no new items are to be started; at once where that is so already. */
  onStop(close: () => void): void {
    this.#closers.add(close);
    if (this.#isStopping) close();
  }

  /** Starts no new items; those under way get so many milliseconds to come to their end. */
  stop(graceMs: number): void {
    if (this.#isStopping) return;
    this.#begin();
    this.#endGrace = this.#clock.after(graceMs, () => this.abandon());
  }

  /** Starts no new items, and waits for none of those under way. */
  abandon(): void {
    this.#begin();
    for (const scope of [...this.underWay]) scope.abandon();
  }

  /** The run is over: there is nothing left to stop. */
  end(): void {
    this.#endGrace?.();
  }

  #begin(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#stopping.resolve();
    for (const close of this.#closers) close();
  }
}
