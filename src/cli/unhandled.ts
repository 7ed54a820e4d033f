/**
 * Errors of user code that nothing catches: said, never the end of everything else.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import { runningTitle } from "../run/item_scope.ts";

/** Listens for rejections and errors that nothing catches; disposing it stops that. */
export function onUnhandled(tell: (text: string) => void): Disposable {
  function onRejection(event: PromiseRejectionEvent): void {
    event.preventDefault();
    tell(`${place("A")} promise that nothing waits for was rejected: ${textOf(event.reason)}`);
  }
  function onError(event: ErrorEvent): void {
    event.preventDefault();
    tell(`${place("An")} error was thrown where nothing catches it: ${textOf(event.error)}`);
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

/** The item that the code ran for, where that is known: a timer's callback runs for none. */
function place(article: "A" | "An"): string {
  const title = runningTitle();
  return title === undefined ? article : `In ${title}, ${article.toLowerCase()}`;
}

/** The message, and the place in the user's code where one is known. */
function textOf(reason: unknown): string {
  const place = reason instanceof Error ? reason.stack?.split("\n")[1]?.trim() : undefined;
  return place ? `${messageOf(reason)} (${place})` : messageOf(reason);
}
