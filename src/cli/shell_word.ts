/**
 * Words of commands that people copy into a shell.
 *
 * @module
 */
import { plain } from "../report/plain_text.ts";
import { shellQuoted } from "../shell_quoted.ts";

/** A word as a shell takes it, and as a terminal can show it. */
export function shellWord(word: string): string {
  return shellQuoted(plain(word));
}
