/**
 * Ctrl-C, once and twice.
 *
 * @module
 */

/** What to do when the process is asked to stop. */
export interface InterruptActions {
  /** The first time: come to an end. */
  readonly first: () => void;
  /** Every further time: end now. */
  readonly again: () => void;
}

/** Listens for Ctrl-C, and for SIGTERM, which means the same; disposing it stops that. */
export function onInterrupt(actions: InterruptActions): Disposable {
  let asked = false;
  function listen(): void {
    if (asked) return actions.again();
    asked = true;
    actions.first();
  }
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, listen);
  return {
    [Symbol.dispose]() {
      for (const signal of signals) Deno.removeSignalListener(signal, listen);
    },
  };
}
