/**
 * Errors of user code that nothing catches: said, never the end of everything else.
 *
 * @module
 */
import { messageOf } from "../errors.ts";

/** Listens for rejections and errors that nothing catches; disposing it stops that. */
export function onUnhandled(tell: (text: string) => void): Disposable {
  function onRejection(event: PromiseRejectionEvent): void {
    event.preventDefault();
    tell(`A promise that nothing waits for was rejected: ${textOf(event.reason)}`);
  }
  function onError(event: ErrorEvent): void {
    event.preventDefault();
    tell(`An error was thrown where nothing catches it: ${textOf(event.error)}`);
  }
  globalThis.addEventListener("unhandledrejection", onRejection);
  globalThis.addEventListener("error", onError);
  return {
    [Symbol.dispose]() {
      globalThis.removeEventListener("unhandledrejection", onRejection);
      globalThis.removeEventListener("error", onError);
    },
  };
}

/** The message, and the place in the user's code where one is known. */
function textOf(reason: unknown): string {
  const place = reason instanceof Error ? reason.stack?.split("\n")[1]?.trim() : undefined;
  return place ? `${messageOf(reason)} (${place})` : messageOf(reason);
}
