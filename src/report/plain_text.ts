/**
 * Text of users and models, made fit for a terminal: no control characters.
 *
 * @module
 */

// Control characters, invisible and bidirectional formatting, tags, lone surrogates.
const UNSAFE =
  // deno-lint-ignore no-control-regex -- control characters are what this is about
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]/gu;

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * The text on one line, with everything that could move a terminal's cursor, change its state or
 * reorder what it shows written as an escape: `\n`, `\u{1b}`.
 */
export function plain(text: string): string {
  return text.replace(
    UNSAFE,
    (character) => NAMED[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** The lines of a text, each {@linkcode plain}. */
export function plainLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).map((line) => plain(line.replaceAll("\t", "  ")));
}
