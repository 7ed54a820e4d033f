/**
 * `dotevals delete`: deletes an experiment.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { counted } from "../report/numbers.ts";
import { plain } from "../report/plain_text.ts";
import type { Storage } from "../storage/storage.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { shellWord } from "./shell_word.ts";
import { openStorageOption, storageOption } from "./storage_option.ts";

const options = {
  yes: { type: "flag", summary: "do not ask" },
  ...storageOption,
} as const;

/** The command. */
export const command: Command = {
  name: "delete",
  summary: "Delete an experiment with all its results.",
  usage: "EXPERIMENT [options]",
  help: `
Asks first. There is no way back.

Example:
  dotevals delete first --yes`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "delete", options }, args);
  const [name = ""] = wordsFor(words, { command: "delete", names: ["EXPERIMENT"] });
  if (!values.yes && !io.confirm) {
    throw new DotevalsError(`Nothing was deleted: nobody is there to confirm it for "${name}".`, {
      code: "not-confirmed",
      hint: `Without a terminal, add --yes: ${io.program} delete ${shellWord(name)} --yes`,
    });
  }
  await using storage = await openStorageOption(values.storage, { io, mode: "read" });
  if (!values.yes && !await confirmed(name, { storage, io })) {
    io.stderr.write("Nothing was deleted.\n");
    return 0;
  }
  await storage.delete(name);
  io.stderr.write(`Deleted "${plain(name)}".\n`);
  return 0;
}

/** Asks; where there is no such experiment, deleting it says so. */
async function confirmed(
  name: string,
  { storage, io }: { readonly storage: Storage; readonly io: CommandIo },
): Promise<boolean> {
  const experiment = await storage.experiment(name);
  if (!experiment) return true;
  const { evaluations, completed } = experiment;
  const what = `${counted(evaluations, "evaluation")} and ${counted(completed, "result")}`;
  return io.confirm?.(`Delete "${plain(name)}" with ${what}?`) ?? false;
}
