/**
 * Text of users and models, made fit for a terminal: no control characters.
 *
 * @module
 */

/**
 * What no output shows as it is, as part of a class of characters: controls from DEL on, invisible and
 * bidirectional formatting, tags, lone surrogates.
 */
export const UNSAFE_CHARACTERS: string = String
  .raw`\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}`;

const UNSAFE = new RegExp(`[\\u0000-\\u001f${UNSAFE_CHARACTERS}]`, "gu");

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// What the log of a CI service takes for a command: `::error::` behind blanks, and anywhere
// `##[group]`, `##vso[task.…]`.
const COLONS = /^(\s*):(?=:[a-z-]+(?: |::))/i;
const HASHES = /##(?=(?:vso|teamcity)?\[)/gi;

/** Accents on one letter; no language has more, and a flood of them covers the lines around. */
const MARKS = /(\p{M}{8})\p{M}+/gu;

/**
 * The text on one line, with everything that could move a terminal's cursor, change its state or
 * reorder what it shows written as an escape: `\n`, `\u{1b}`. The same goes for what CI services obey
 * in a log.
 */
export function plain(text: string): string {
  return text
    .replace(UNSAFE, (character) => NAMED[character] ?? escaped(character))
    .replace(COLONS, "$1\\u{3a}")
    .replace(HASHES, "#\\u{23}")
    .replace(MARKS, "$1…");
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/** A text that keeps its lines, each {@linkcode plain}. */
export function plainText(text: string): string {
  return plainLines(text).join("\n");
}

/** The lines of a text, each {@linkcode plain}. */
export function plainLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).map((line) => plain(line.replaceAll("\t", "  ")));
}
