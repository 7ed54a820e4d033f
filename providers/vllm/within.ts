/**
 * An end to waiting.
 *
 * @module
 */
import { delay } from "@std/async/delay";

/** Waits until `work` is done, but not longer than so many milliseconds. */
export async function within(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const stop = new AbortController();
  const late = delay(milliseconds, { signal: stop.signal }).catch(() => {});
  await Promise.race([work, late]);
  stop.abort();
}
