/**
 * A clock that moves when it is told to.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";

/** A clock, and what moves it. */
export interface FakeClock extends Clock {
  /** Moves time forward, running what falls due on the way. */
  advance(milliseconds: number): void;
  /** How many callbacks are waiting. */
  readonly waiting: number;
}

/** A clock that starts at a time in milliseconds since the epoch. */
export function fakeClock(start = Date.UTC(2026, 0, 31, 12)): FakeClock {
  let time = 0;
  const due = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    now: () => start + time,
    monotonic: () => time,
    after(milliseconds, callback) {
      const entry = { at: time + milliseconds, callback };
      due.add(entry);
      return () => due.delete(entry);
    },
    advance(milliseconds) {
      const end = time + milliseconds;
      while (true) {
        const [next] = [...due].filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        due.delete(next);
        time = next.at;
        next.callback();
      }
      time = end;
    },
    get waiting() {
      return due.size;
    },
  };
}
