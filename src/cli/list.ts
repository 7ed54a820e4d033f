/**
 * `dotevals list`: the experiments of a storage.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { experimentTable } from "../report/experiment_table.ts";
import { listJson } from "../report/json.ts";
import { plain } from "../report/plain_text.ts";
import type { ExperimentSummary } from "../storage/experiment_summary.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { openStorageOption, storageLocation, storageOption } from "./storage_option.ts";

const options = {
  json: { type: "flag", summary: "print JSON, as docs/json.md describes it" },
  ...storageOption,
} as const;

/** The command. */
export const command: Command = {
  name: "list",
  summary: "List the experiments.",
  usage: "[options]",
  help: `
The experiment that changed last comes first.

Example:
  dotevals list --json`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "list", options }, args);
  wordsFor(words, { command: "list", names: [] });
  const experiments = await experimentsOf(values.storage, io);
  if (values.json) io.stdout.write(listJson(experiments));
  else if (experiments.length > 0) {
    const { size, color } = io.stdout;
    const lines = experimentTable(experiments, { columns: size?.columns, color });
    io.stdout.write(`${lines.join("\n")}\n`);
  } else {
    const location = plain(storageLocation(values.storage, io.env));
    io.stderr.write(
      `No experiments yet in ${location}.\n` +
        `  Run some evaluations: ${io.program} run evals/\n`,
    );
  }
  return 0;
}

/** None where there is no storage yet. */
async function experimentsOf(
  location: string | undefined,
  io: CommandIo,
): Promise<readonly ExperimentSummary[]> {
  try {
    await using storage = await openStorageOption(location, { io, mode: "read" });
    return await storage.experiments();
  } catch (error) {
    if (error instanceof DotevalsError && error.code === "no-storage") return [];
    throw error;
  }
}
