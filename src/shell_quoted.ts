/**
 * Words in a shell's quotes.
 *
 * @module
 */

/** A word as a shell takes it: in quotes where it needs them. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
