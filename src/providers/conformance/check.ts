/**
 * Checks of the suite. Their messages say what the protocol asks for, and what was there instead.
 *
 * @module
 */

const POLL_MS = 5;

/** How long something is waited for. */
export interface Patience {
  /** Milliseconds after which what did not happen counts as never happening. */
  readonly patienceMs: number;
}

/** Fails a case unless `holds`. */
export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}

/** Waits for `work`, and says `what` did not happen where it takes too long. */
export async function within<Value>(
  work: Promise<Value>,
  { patienceMs, what }: Patience & { readonly what: string },
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`${what}: it did not within ${patienceMs} ms.`)),
    patienceMs,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until `condition` holds, and says `what` did not happen where it takes too long. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { patienceMs, what }: Patience & { readonly what: string },
): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!await condition()) {
    check(performance.now() < end, `${what}: it did not within ${patienceMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** What a call came to: neither throws. */
export type Settled<Value> =
  | { readonly value: Value; readonly failed: false }
  | { readonly error: unknown; readonly failed: true };

/** Waits for a call's end, whatever it is. */
export function settled<Value>(call: Promise<Value>): Promise<Settled<Value>> {
  return call.then(
    (value) => ({ value, failed: false }) as const,
    (error: unknown) => ({ error, failed: true }) as const,
  );
}

/** What was thrown, in a few words. */
export function shown(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? ` (code ${String(error.code)})` : "";
  return `${error.name}: ${error.message}${code}`;
}
