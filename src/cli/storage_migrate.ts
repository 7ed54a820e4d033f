/**
 * `dotevals storage migrate`: brings a storage's tables to the newest version.
 *
 * @module
 */
import { plain } from "../report/plain_text.ts";
import { migrate, noStorage, planMigration } from "../storage/migrate.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { openDatabaseOption, storageOption } from "./storage_option.ts";

const options = {
  "dry-run": { type: "flag", summary: "only say what would be done" },
  ...storageOption,
} as const;

/** The command. */
export const command: Command = {
  name: "storage migrate",
  summary: "Bring a storage's tables to the newest version.",
  usage: "[options]",
  help: `
All of it is done, or nothing. There is no way back: an older dotevals does not read newer tables.

Example:
  dotevals storage migrate --dry-run`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "storage migrate", options }, args);
  wordsFor(words, { command: "storage migrate", names: [] });
  await using opened = await openDatabaseOption(values.storage, io);
  const { database } = opened;
  const { from, to } = values["dry-run"]
    ? await planMigration(database)
    : await migrate(database, { create: false });
  if (from === 0) throw noStorage(database.location);
  const what = from === to
    ? `is at schema version ${to}, the newest; there is nothing to do.`
    : values["dry-run"]
    ? `would go from schema version ${from} to ${to}.`
    : `went from schema version ${from} to ${to}.`;
  io.stdout.write(`${plain(database.location)} ${what}\n`);
  return 0;
}
