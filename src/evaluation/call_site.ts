/**
 * Where in the user's code an evaluation was made.
 *
 * @module
 */

/** A place in a source file. */
export interface CallSite {
  /** The file's URL. */
  readonly url: string;
  /** The line, from 1. */
  readonly line: number;
}

const OWN = [new URL("../", import.meta.url).href, new URL("../../mod.ts", import.meta.url).href];

/**
 * The first place in a stack trace that is outside this library.
 *
 * It is what names an evaluation and finds the modules that it comes from, also
 * where a script calls `run()` and nothing was discovered.
 */
export function callSite(stack: string | undefined): CallSite | undefined {
  for (const frame of stack?.split("\n") ?? []) {
    const found = /((?:file|https?|blob|data):\S+?):(\d+):\d+\)?$/.exec(frame);
    if (!found?.[1] || !found[2]) continue;
    const url = found[1];
    const own = OWN.some((prefix) => url.startsWith(prefix)) && !url.endsWith("_test.ts");
    if (!own) return { url, line: Number(found[2]) };
  }
  return undefined;
}
