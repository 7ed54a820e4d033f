/**
 * `dotevals providers`: which providers there are, and what those from URLs may do.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { Command } from "./command.ts";

const parts = [
  { name: "add", summary: "Show what a provider at a URL asks for, and grant it." },
  { name: "update", summary: "Show what has changed in a provider, and lock what there is now." },
  { name: "remove", summary: "Take back what a provider was granted." },
  { name: "check", summary: "Look whether providers are still what was locked." },
] as const;

/** The command. */
export const command: Command = {
  name: "providers",
  summary: "Grant providers from URLs what they ask for, or take it back.",
  usage: "COMMAND [options]",
  help: `
A provider from a URL runs in a process of its own, with the hosts and variables that were
granted and nothing else. Grants, and the hash of every module, are in dotevals.lock.json,
which belongs into version control.

Example:
  dotevals providers add https://acme.test/provider.ts --allow-net=api.acme.test`,
  parts,
  options: {},
  run,
};

function run(args: readonly string[]): Promise<number> {
  const [word] = args;
  const see = '"dotevals providers --help" lists the commands.';
  if (word === undefined || word.startsWith("-")) {
    throw new DotevalsError(`"dotevals providers" needs one of ${parts.map(nameOf).join(", ")}.`, {
      code: "missing-argument",
      hint: see,
    });
  }
  const meant = nearest(word, parts.map(nameOf));
  throw new DotevalsError(`There is no command providers ${word}.`, {
    code: "unknown-command",
    hint: meant === undefined ? see : `Did you mean providers ${meant}? ${see}`,
  });
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
