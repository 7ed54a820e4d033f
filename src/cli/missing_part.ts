/**
 * A command that consists of others, and none of them was named.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { CommandSummary } from "./command.ts";

/** The error for a command line that names none of a command's parts. */
export function missingPart(
  [word]: readonly string[],
  { command, parts }: { readonly command: string; readonly parts: readonly CommandSummary[] },
): DotevalsError {
  const names = parts.map(({ name }) => name);
  const see = `"dotevals ${command} --help" lists the commands.`;
  if (word === undefined || word.startsWith("-")) {
    return new DotevalsError(`"dotevals ${command}" needs one of ${names.join(", ")}.`, {
      code: "missing-argument",
      hint: see,
    });
  }
  const meant = nearest(word, names);
  return new DotevalsError(`There is no command ${command} ${word}.`, {
    code: "unknown-command",
    hint: meant === undefined ? see : `Did you mean ${command} ${meant}? ${see}`,
  });
}
