/**
 * An end to waiting for what others wrote.
 *
 * @module
 */
import type { Clock } from "../clock.ts";

/**
 * Waits for work, but not longer than so many milliseconds.
 *
 * @throws {Error} when it takes longer; the work itself goes on, and what becomes of it is ignored
 */
export async function within<Value>(
  work: Promise<Value>,
  { clock, milliseconds }: { readonly clock: Clock; readonly milliseconds: number },
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const stop = clock.after(milliseconds, () => {
    late.reject(new Error(`it did not come to its end within ${milliseconds / 1000} s`));
  });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    stop();
  }
}
