/**
 * `dotevals rename`: gives an experiment another name.
 *
 * @module
 */
import { plain } from "../report/plain_text.ts";
import { checkExperimentName } from "./experiment_name.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { openStorageOption, storageOption } from "./storage_option.ts";

const options = { ...storageOption };

/** The command. */
export const command: Command = {
  name: "rename",
  summary: "Rename an experiment.",
  usage: "OLD NEW [options]",
  help: `
All its results stay; running the experiment under its new name goes on where it was.

Example:
  dotevals rename 2026-01-31-1200 baseline`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "rename", options }, args);
  const [from = "", to = ""] = wordsFor(words, { command: "rename", names: ["OLD", "NEW"] });
  checkExperimentName(to);
  await using storage = await openStorageOption(values.storage, { io, mode: "read" });
  await storage.rename(from, to);
  io.stderr.write(`Renamed "${plain(from)}" to "${plain(to)}".\n`);
  return 0;
}
