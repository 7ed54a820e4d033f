/**
 * The answer in a box, as mathematics sets it.
 *
 * @module
 */

/**
 * What stands in the last `\boxed{…}` of a text (or `\fbox{…}`), braces within it and all; `undefined` where
 * there is none, or where it is not closed.
 *
 * @example
 * ```ts
 * import { boxed } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(boxed(String.raw`So it is \boxed{\frac{1}{2}}.`), String.raw`\frac{1}{2}`);
 * assertEquals(boxed("So it is 1/2."), undefined);
 * ```
 */
export function boxed(text: string): string | undefined {
  const last = [...text.matchAll(/\\(?:boxed|fbox)\s*\{/g)].at(-1);
  if (!last) return undefined;
  const start = last.index + last[0].length;
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    // A backslash makes the brace behind it a letter.
    if (text[at] === "\\") at++;
    else if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return text.slice(start, at).trim();
  }
  return undefined;
}
