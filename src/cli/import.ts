/**
 * `dotevals import`: an experiment from a file that `export` wrote, or from the Python dotevals.
 *
 * @module
 */
import { resolve } from "@std/path/resolve";
import { DotevalsError } from "../errors.ts";
import { type Format, FORMATS } from "../exchange/format.ts";
import { importExperiment } from "../exchange/import_experiment.ts";
import { openImport } from "../exchange/open_import.ts";
import { counted } from "../report/numbers.ts";
import { plain } from "../report/plain_text.ts";
import { sessionHolder } from "../run/holder.ts";
import type { Command, CommandIo } from "./command.ts";
import { checkExperimentName } from "./experiment_name.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { openStorageOption, storageOption } from "./storage_option.ts";

const options = {
  name: {
    type: "text",
    value: "NAME",
    summary: "what to call the experiment; else what it was called, or the file's name",
  },
  format: {
    type: "text",
    value: FORMATS.join("|"),
    choices: FORMATS,
    summary: "how it is written; as the file's name says",
  },
  ...storageOption,
} as const;

/** The command. */
export const command: Command = {
  name: "import",
  summary: "Bring an experiment in from a file.",
  usage: "FILE|FOLDER [options]",
  help: `
Reads what "dotevals export" wrote, in any of its formats, and what the Python dotevals keeps: a
.jsonl file of an evaluation, or the folder of an experiment. An experiment that exists stays as it
is; when something is wrong with the file, nothing is imported.

Example:
  dotevals import .dotevals/my_experiment --name history`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "import", options }, args);
  const [file = ""] = wordsFor(words, { command: "import", names: ["FILE"] });
  const source = await openImport(resolve(io.cwd, file), {
    given: file,
    format: values.format as Format | undefined,
  });
  const name = values.name ?? source.name;
  checkExperimentName(name);
  await using storage = await openStorageOption(values.storage, { io, mode: "write" });
  try {
    const { evaluations, results } = await importExperiment(storage, source.entries(), {
      name,
      holder: sessionHolder(),
      onNotice: (text) => io.stderr.write(`${plain(text)}\n`),
    });
    io.stderr.write(
      `Imported ${counted(results, "result")} of ${counted(evaluations, "evaluation")} as ` +
        `${plain(name)}.\n`,
    );
    return 0;
  } catch (error) {
    const isTaken = error instanceof DotevalsError && error.code === "experiment-exists";
    if (!isTaken) throw error;
    throw new DotevalsError(error.message, {
      code: error.code,
      hint: "It stays as it is. Give the import another name: --name NAME",
      cause: error,
    });
  }
}
