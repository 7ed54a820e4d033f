/**
 * Plain texts as the database can hold them.
 *
 * SQLite ends a text at its first NUL, and the client ends the process on a lone
 * surrogate. Texts with either are kept as a mark and an ASCII JSON string.
 *
 * @module
 */

/** The mark (SUBSTITUTE) before a text that is kept as JSON. */
const MARK = "\u001a";

/** The form in which a text is stored: itself, but for the few that SQLite cannot hold. */
export function toStoredText(text: string): string {
  const plain = text.isWellFormed() && !text.includes("\0") && !text.startsWith(MARK);
  return plain ? text : MARK + JSON.stringify(text);
}

/** Undoes {@linkcode toStoredText}. */
export function fromStoredText(stored: string): string {
  return stored.startsWith(MARK) ? String(JSON.parse(stored.slice(MARK.length))) : stored;
}

/** The stored form of a text that may be missing. */
export function toOptionalText(text: string | undefined): string | null {
  return text === undefined ? null : toStoredText(text);
}

/** Undoes {@linkcode toOptionalText}. */
export function fromOptionalText(stored: string | null): string | undefined {
  return stored === null ? undefined : fromStoredText(stored);
}
