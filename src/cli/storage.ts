/**
 * `dotevals storage`: what is done to a storage as a whole.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { Command } from "./command.ts";

const parts = [
  { name: "check", summary: "Look whether a storage is sound." },
  { name: "vacuum", summary: "Give back the room of what was deleted." },
  { name: "migrate", summary: "Bring a storage's tables to the newest version." },
  { name: "copy", summary: "Copy experiments from one storage to another." },
] as const;

/** The command. */
export const command: Command = {
  name: "storage",
  summary: "Check, shrink, update or copy a storage.",
  usage: "COMMAND [options]",
  help: `
Example:
  dotevals storage check --storage results.db`,
  parts,
  options: {},
  run,
};

function run(args: readonly string[]): Promise<number> {
  const [word] = args;
  const see = '"dotevals storage --help" lists the commands.';
  if (word === undefined || word.startsWith("-")) {
    throw new DotevalsError(`"dotevals storage" needs one of ${parts.map(nameOf).join(", ")}.`, {
      code: "missing-argument",
      hint: see,
    });
  }
  const meant = nearest(word, parts.map(nameOf));
  throw new DotevalsError(`There is no command storage ${word}.`, {
    code: "unknown-command",
    hint: meant === undefined ? see : `Did you mean storage ${meant}? ${see}`,
  });
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
