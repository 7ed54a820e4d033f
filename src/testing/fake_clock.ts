/**
 * A clock that tests move by hand.
 *
 * @module
 */
import type { Clock } from "../clock.ts";

/** Time that stands still until `advance`, `pass` or `jump` moves it. */
export class FakeClock implements Clock {
  #now: number;
  #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  /** Starts at `now`, milliseconds since the epoch. */
  constructor(now = Date.UTC(2026, 0, 31, 12)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass at once: each timer runs at its moment, and no promise goes on in between. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    while (this.#runNext(end));
    this.#now = end;
  }

  /** Lets time pass step by step: each timer runs at its moment, and what it started goes on. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    while (this.#runNext(end)) await settled();
    this.#now = end;
    await settled();
  }

  /** Lets time pass in which nothing runs, as while something holds the event loop. */
  stall(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Lets time jump: nothing ran in between, then all that is due runs at once. */
  async jump(milliseconds: number): Promise<void> {
    this.stall(milliseconds);
    await this.pass(0);
  }

  /** Runs the first timer that is due by `end`; says whether there was one. */
  #runNext(end: number): boolean {
    const [due] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
    if (due === undefined) return false;
    this.#now = Math.max(this.#now, due.at);
    this.#timers.delete(due);
    due.callback();
    return true;
  }
}

/** Waits until promises that can go on have gone on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
