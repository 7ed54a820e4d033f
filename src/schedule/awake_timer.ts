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

/** A timeout that can be held while work waits for its turn. */
export interface AwakeTimeout {
  /** Stops counting; does nothing when already held. */
  hold(): void;
  /** Goes on counting, once for each `hold`. */
  resume(): void;
  /** Ends it; its callback will not run. */
  clear(): void;
}

interface Entry {
  deadline: number;
  remaining: number;
  holds: number;
  readonly expire: () => void;
}

/** Timeouts over one clock, which together keep at most one real timer. */
export class AwakeTimer {
  #clock: Clock;
  #running = new Set<Entry>();
  #awake = 0;
  #lastLook = 0;
  #stop: (() => void) | undefined;

  /** Counts by `clock`. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `expire` once the process was awake for so many milliseconds. */
  start(milliseconds: number, expire: () => void): AwakeTimeout {
    if (this.#running.size === 0) this.#lastLook = this.#clock.monotonic();
    const now = this.#now();
    const entry: Entry = { deadline: now + milliseconds, remaining: 0, holds: 0, expire };
    this.#add(entry);
    return {
      hold: () => {
        if (entry.holds++ > 0 || !this.#running.delete(entry)) return;
        entry.remaining = entry.deadline - this.#now();
      },
      resume: () => {
        if (--entry.holds > 0 || entry.remaining <= 0) return;
        if (this.#running.size === 0) this.#lastLook = this.#clock.monotonic();
        entry.deadline = this.#now() + entry.remaining;
        entry.remaining = 0;
        this.#add(entry);
      },
      clear: () => {
        this.#running.delete(entry);
        entry.remaining = 0;
        if (this.#running.size === 0) this.#disarm();
      },
    };
  }

  /** Awake time, in milliseconds; what exceeds a step by far was a halt. */
  #now(): number {
    const reading = this.#clock.monotonic();
    const passed = reading - this.#lastLook;
    this.#lastLook = reading;
    this.#awake += passed > STEP_MS + STALL_MS ? STEP_MS : passed;
    return this.#awake;
  }

  #add(entry: Entry): void {
    this.#running.add(entry);
    this.#disarm();
    this.#arm();
  }

  #disarm(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #arm(): void {
    let next = Infinity;
    for (const entry of this.#running) next = Math.min(next, entry.deadline - this.#awake);
    if (next === Infinity) return;
    this.#stop = this.#clock.after(Math.max(0, Math.min(STEP_MS, next)), () => this.#look());
  }

  #look(): void {
    const now = this.#now();
    for (const entry of [...this.#running]) {
      if (entry.deadline > now) continue;
      this.#running.delete(entry);
      entry.expire();
    }
    this.#disarm();
    this.#arm();
  }
}
