/**
 * Timeouts that count only the time in which this process could run.
 *
 * A breakpoint, a stopped process and a sleeping laptop halt the event loop; ordinary
 * timers then all fire at once when it goes on, and call healthy work timed out.
 *
 * @module
 */
import type { Clock } from "../clock.ts";

/** The longest step between two looks at the clock, in milliseconds. */
const STEP_MS = 250;

/** A step that took longer than this (in milliseconds) beyond its length counts as its length. */
const STALL_MS = 250;

/** A timeout that is running. */
export interface AwakeTimeout {
  /** Ends it; its callback will not run. */
  clear(): void;
  /** Lets no time count until it is resumed. */
  pause(): void;
  /** Goes on after a pause. */
  resume(): void;
}

interface Entry {
  deadline: number;
  readonly expire: () => void;
}

/** Timeouts over one clock, which together keep at most one real timer. */
export class AwakeTimer {
  readonly #clock: Clock;
  readonly #running = new Set<Entry>();
  #awake = 0;
  #lastLook = 0;
  #nextLook = Infinity;
  #stop: (() => void) | undefined;

  /** Counts by `clock`. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `expire` once the process was awake for so many milliseconds. */
  start(milliseconds: number, expire: () => void): AwakeTimeout {
    const entry: Entry = { deadline: 0, expire };
    this.#add(entry, milliseconds);
    let left: number | undefined;
    return {
      clear: () => {
        left = undefined;
        this.#remove(entry);
      },
      pause: () => {
        if (!this.#running.has(entry)) return;
        left = Math.max(0, entry.deadline - this.#now());
        this.#remove(entry);
      },
      resume: () => {
        if (left !== undefined) this.#add(entry, left);
        left = undefined;
      },
    };
  }

  #add(entry: Entry, milliseconds: number): void {
    if (this.#running.size === 0) this.#lastLook = this.#clock.monotonic();
    entry.deadline = this.#now() + milliseconds;
    this.#running.add(entry);
    if (entry.deadline < this.#nextLook) this.#arm(entry.deadline);
  }

  #remove(entry: Entry): void {
    this.#running.delete(entry);
    if (this.#running.size === 0) this.#disarm();
  }

  /** Awake time, in milliseconds; what exceeds a step by far was a halt. */
  #now(): number {
    const reading = this.#clock.monotonic();
    const passed = reading - this.#lastLook;
    this.#lastLook = reading;
    this.#awake += passed > STEP_MS + STALL_MS ? STEP_MS : passed;
    return this.#awake;
  }

  #disarm(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#nextLook = Infinity;
  }

  /** Looks again at a deadline, or after a step where that is sooner. */
  #arm(deadline: number): void {
    this.#disarm();
    const wait = Math.max(0, Math.min(STEP_MS, deadline - this.#awake));
    this.#nextLook = this.#awake + wait;
    this.#stop = this.#clock.after(wait, () => this.#look());
  }

  #look(): void {
    this.#disarm();
    const now = this.#now();
    let next = Infinity;
    for (const entry of [...this.#running]) {
      if (entry.deadline > now) next = Math.min(next, entry.deadline);
      else {
        this.#running.delete(entry);
        entry.expire();
      }
    }
    if (this.#running.size > 0) this.#arm(Math.min(next, now + STEP_MS));
  }
}
