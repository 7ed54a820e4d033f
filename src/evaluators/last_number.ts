/**
 * The number that an answer ends with.
 *
 * @module
 */

const NUMBER =
  /(?<![\p{L}\p{N}_.])([-+\u2212]?)\p{Sc}?([-+\u2212]?)((?:\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)|\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(e[+-]?\d+)?(\s?%)?/giu;

/**
 * The last number in a text, as it is written there but for a currency's sign: `1,200`, `-0.5`, `1e-3`, `45%`.
 * `undefined` where there is none. Digits within a word (`GPT4`) are no number. A comma stands between groups of digits, a
 * point before decimals; of `1.234,56` it finds 56.
 *
 * @example
 * ```ts
 * import { lastNumber } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(lastNumber("3 boxes of $400 each: that makes $1,200."), "1,200");
 * assertEquals(lastNumber("I do not know."), undefined);
 * ```
 */
export function lastNumber(text: string): string | undefined {
  const last = [...text.matchAll(NUMBER)].at(-1);
  if (!last) return undefined;
  const [, sign = "", inner = "", digits = "", exponent = "", percent = ""] = last;
  return (sign || inner) + digits + exponent + percent.trim();
}
