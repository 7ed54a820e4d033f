/**
 * Words of commands that people copy into a shell.
 *
 * @module
 */
import { plain } from "../report/plain_text.ts";

/** A word as a shell takes it: in quotes where it needs them. */
export function shellWord(word: string): string {
  const safe = plain(word);
  return /^[\w@%+=:,./-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", `'\\''`)}'`;
}
