/**
 * Brings what is in a spool to the database, page by page, for as long as there is anything.
 *
 * @module
 */
import { type Clock, turn, wait } from "../clock.ts";
import { attemptTime, isPassing, pauseAfter } from "./retry.ts";
import type { Spool } from "./spool.ts";
import type { SpoolPage } from "./spool_file.ts";

/** How long an attempt that is under way is waited for when nothing else is, in milliseconds. */
const CLOSING_MS = 3_000;

/** What a {@linkcode Delivery} needs. */
export interface DeliveryOptions {
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** For how many milliseconds somebody waits for a database that does not answer. */
  readonly patienceMs: number;
  /** Results in a page, at most. */
  readonly pageSize: number;
  /** Stores a page, perhaps for the second time; says how many results nothing takes. */
  readonly deliver: (page: SpoolPage) => Promise<{ readonly refused: number }>;
}

/** How waiting for a delivery ended. */
export type Waited = "done" | "away" | "aborted" | "failed";

interface Waiter {
  readonly isDone: () => boolean;
  readonly signal: AbortSignal;
  readonly end: (waited: Waited) => void;
}

/** Delivers behind the session's back; tries again what may pass. */
export class Delivery {
  readonly #spool: Spool;
  readonly #options: DeliveryOptions;
  readonly #stopped = new AbortController();
  readonly #waiters = new Set<Waiter>();
  #running: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #woken = false;
  /** Whether the last attempt failed. */
  #failing = false;
  #away = false;

  /** Starts when it is woken. */
  constructor(spool: Spool, options: DeliveryOptions) {
    this.#spool = spool;
    this.#options = options;
  }

  /** What ended it for good. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Whether somebody waited in vain, and the database has not answered since. */
  get isAway(): boolean {
    return this.#away;
  }

  /** Says that there is something to deliver. */
  wake(): void {
    if (this.#failure || this.#stopped.signal.aborted) return;
    this.#woken = true;
    this.#running ??= this.#run().catch((error) => {
      if (!this.#stopped.signal.aborted) this.#failure = { error };
    }).then(() => {
      this.#running = undefined;
      this.#tell();
      if (this.#woken) this.wake();
    });
  }

  /**
   * Waits until `isDone` or the database has been away for too long; once `signal` aborts, only
   * for as long as the database answers.
   */
  async until(isDone: () => boolean, signal = new AbortController().signal): Promise<Waited> {
    this.wake();
    if (isDone()) return "done";
    if (this.#failure) return "failed";
    if (this.#away) return "away";
    const { promise, resolve } = Promise.withResolvers<Waited>();
    const waiter = { isDone, signal, end: resolve };
    let stopTimer: (() => void) | undefined;
    const abort = () => {
      if (this.#failing) resolve("aborted");
      else stopTimer = this.#options.clock.after(CLOSING_MS, () => resolve("aborted"));
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
    this.#waiters.add(waiter);
    const waited = await promise;
    this.#waiters.delete(waiter);
    signal.removeEventListener("abort", abort);
    stopTimer?.();
    return waited;
  }

  /** Ends it; an attempt that hangs is left to itself. */
  async stop(): Promise<void> {
    this.#stopped.abort(new DOMException("The session has ended.", "AbortError"));
    if (this.#running === undefined) return;
    const late = Promise.withResolvers<void>();
    const stop = this.#options.clock.after(CLOSING_MS, late.resolve);
    await Promise.race([this.#running, late.promise]);
    stop();
  }

  async #run(): Promise<void> {
    const { clock, random, patienceMs, pageSize, deliver } = this.#options;
    const { signal } = this.#stopped;
    let failures = 0;
    let waited = 0;
    while (!signal.aborted) {
      this.#woken = false;
      const page = await this.#spool.next(pageSize);
      if (page === undefined) return;
      // Reading a page took its time of the event loop, and so does sending it.
      await turn(clock);
      const start = clock.monotonic();
      try {
        const { refused } = await deliver(page);
        if (signal.aborted) return;
        await this.#spool.done(page, refused);
        failures = waited = 0;
        this.#failing = this.#away = false;
        this.#tell();
      } catch (error) {
        if (!isPassing(error)) throw error;
        this.#failing = true;
        const pause = pauseAfter(failures++, random);
        const spent = attemptTime(clock.monotonic() - start) + pause;
        waited = this.#waiters.size === 0 ? 0 : waited + spent;
        this.#away ||= waited > patienceMs;
        this.#tell();
        await wait(clock, pause, signal);
      }
    }
  }

  /** Looks who need not wait any longer. */
  #tell(): void {
    for (const { isDone, signal, end } of this.#waiters) {
      if (isDone()) end("done");
      else if (this.#failure) end("failed");
      else if (this.#away) end("away");
      else if (this.#stopped.signal.aborted || this.#failing && signal.aborted) end("aborted");
    }
  }
}
