/**
 * `dotevals storage vacuum`: gives back the room of what was deleted.
 *
 * @module
 */
import { countText } from "../report/numbers.ts";
import { plain } from "../report/plain_text.ts";
import { vacuum } from "../storage/vacuum.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { openDatabaseOption, storageOption } from "./storage_option.ts";

const options = { ...storageOption };

/** The command. */
export const command: Command = {
  name: "storage vacuum",
  summary: "Give back the room of what was deleted.",
  usage: "[options]",
  help: `
Writes the database anew; for that time it needs as much room again. Not while a session runs. Servers
do this by themselves.

Example:
  dotevals storage vacuum --storage results.db`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "storage vacuum", options }, args);
  wordsFor(words, { command: "storage vacuum", names: [] });
  await using opened = await openDatabaseOption(values.storage, io);
  const { database, path } = opened;
  const { before, after } = await vacuum(database, { path });
  io.stdout.write(
    `${plain(database.location)}: ${countText(before)} bytes before, ${countText(after)} after.\n`,
  );
  return 0;
}
