/**
 * The user's code that ends the process, which must not pass for a run that came to its end.
 *
 * @module
 */
import { userPlace } from "../plan/user_place.ts";

/** The frames of events and of Node's part stand above the user's. */
const FRAMES = 100;

/** Says so where the process ends, and makes it end with status 1; disposing it stops that. */
export function onEarlyExit(tell: (text: string) => void): Disposable {
  function listen(): void {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = FRAMES;
    const place = userPlace(new Error().stack);
    Error.stackTraceLimit = limit;
    const caller = place === undefined ? "" : ` (Deno.exit at ${place})`;
    tell(`The process was ended from within an evaluation${caller}, before the run was.`);
    Deno.exitCode = 1;
  }
  globalThis.addEventListener("unload", listen);
  return {
    [Symbol.dispose]: () => globalThis.removeEventListener("unload", listen),
  };
}
