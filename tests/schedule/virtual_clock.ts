/**
 * Time that passes as fast as it can be computed.
 *
 * @module
 */
import type { Clock } from "../../src/clock.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  isCleared: boolean;
}

/** Promises that a timer's callback lets go on have gone on after so many turns. */
const TURNS = 12;

/** A clock that goes from timer to timer. Timers are in a heap: there are thousands at once. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  #heap: Timer[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const at = this.#now + Math.max(0, milliseconds);
    const timer = { at, order: this.#order++, callback, isCleared: false };
    this.#push(timer);
    return () => {
      timer.isCleared = true;
    };
  }

  /** Lets time pass until `end`, with all that happens until then. */
  async until(end: number): Promise<void> {
    for (;;) {
      const [due] = this.#heap;
      if (!due || due.at > end) break;
      this.#pop();
      if (due.isCleared) continue;
      this.#now = due.at;
      due.callback();
      for (let turn = 0; turn < TURNS; turn++) await undefined;
    }
    this.#now = end;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (!parent || isBefore(parent, timer)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [one, two] = [heap[left], heap[left + 1]];
      if (!one) break;
      const isLeft = !two || isBefore(one, two);
      const child = isLeft ? one : two;
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = isLeft ? left : left + 1;
    }
    heap[at] = last;
  }
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || one.at === other.at && one.order < other.order;
}
