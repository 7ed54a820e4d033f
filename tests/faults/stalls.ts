/**
 * How late timers are: what a machine with too much to do takes from every process on it.
 *
 * @module
 */

const EVERY_MS = 5;

/** Watches until it is disposed. */
export interface StallWatch extends Disposable {
  /** The longest delay of a timer, in milliseconds, in the last so many milliseconds. */
  longest(withinMs: number): number;
}

/** Starts to look how late a timer of this process is. */
export function watchStalls(): StallWatch {
  const stalls: { readonly at: number; readonly late: number }[] = [];
  let due = performance.now() + EVERY_MS;
  const timer = setInterval(() => {
    const at = performance.now();
    stalls.push({ at, late: Math.max(0, at - due) });
    due = at + EVERY_MS;
    if (stalls.length > 2000) stalls.splice(0, 1000);
  }, EVERY_MS);
  return {
    longest(withinMs) {
      const now = performance.now();
      return stalls.filter(({ at }) => at >= now - withinMs)
        .reduce((longest, { late }) => Math.max(longest, late), Math.max(0, now - due));
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
