/**
 * `dotevals providers`: which providers there are, and what those from URLs may do.
 *
 * @module
 */
import type { Command } from "./command.ts";
import { missingPart } from "./missing_part.ts";

const parts = [
  { name: "list", summary: "List the providers, and whether what they need is there." },
  {
    name: "test",
    summary: "Set a model up, ask it once, and show what came back.",
    // A file that ends in `_test` would be taken for a test.
    file: "providers_try",
  },
  { name: "add", summary: "Show what a provider at a URL asks for, and grant it." },
  { name: "update", summary: "Show what has changed in a provider, and lock what there is now." },
  { name: "remove", summary: "Take back what a provider was granted." },
  { name: "check", summary: "Look whether providers are still what was locked." },
] as const;

/** The command. */
export const command: Command = {
  name: "providers",
  summary: "List and try model providers, and grant those from URLs what they ask for.",
  usage: "COMMAND [options]",
  help: `
A provider from a URL runs in a process of its own, with the hosts and variables that were
granted and nothing else. Grants, and the hash of every module, are in dotevals.lock.json,
which belongs into version control.

Example:
  dotevals providers test openai:gpt-4o-mini
  dotevals providers add https://acme.test/provider.ts --allow-net=api.acme.test`,
  parts,
  options: {},
  run: (args) => {
    throw missingPart(args, { command: "providers", parts });
  },
};
