/**
 * `dotevals storage`: what is done to a storage as a whole.
 *
 * @module
 */
import type { Command } from "./command.ts";
import { missingPart } from "./missing_part.ts";

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
  run: (args) => {
    throw missingPart(args, { command: "storage", parts });
  },
};
