/**
 * The answer behind a marker.
 *
 * @module
 */

/**
 * Finds what stands behind the last `marker` of a text, to the end of its line and without blanks around it;
 * `undefined` where the marker is not there, or nothing behind it. The answers of GSM8K stand behind `####`.
 *
 * @example
 * ```ts
 * import { afterMarker } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const answer = afterMarker("####");
 * assertEquals(answer("2 + 2 = 4\n#### 4\n"), "4");
 * assertEquals(answer("2 + 2 = 4"), undefined);
 * ```
 */
export function afterMarker(marker: string): (text: string) => string | undefined {
  return (text) => {
    const at = text.lastIndexOf(marker);
    if (at === -1) return undefined;
    const [line = ""] = text.slice(at + marker.length).split("\n");
    return line.trim() || undefined;
  };
}
