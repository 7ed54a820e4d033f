/**
 * The code in an answer.
 *
 * @module
 */

const BLOCK = /^([ \t]*)(`{3,}|~{3,})([^\n`]*)\n(.*?)^[ \t]*\2[`~]*[ \t]*$/gms;

/**
 * The code in the last fenced block of a text, or of the last one in a language; the text itself where
 * there is none.
 *
 * @example
 * ```ts
 * import { codeBlock } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(codeBlock("Here:\n~~~ts\nconst a = 1;\n~~~\nDone."), "const a = 1;\n");
 * assertEquals(codeBlock("const a = 1;"), "const a = 1;");
 * ```
 */
export function codeBlock(text: string, language?: string): string {
  const blocks = [...text.matchAll(BLOCK)].filter(([, , , info = ""]) => {
    return language === undefined ||
      info.trim().split(/\s/)[0]?.toLowerCase() === language.toLowerCase();
  });
  return blocks.at(-1)?.[4] ?? text;
}
