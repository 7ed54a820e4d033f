/**
 * `dotevals run`: runs evaluations, or goes on with an experiment.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { findFiles, type FoundFiles } from "../plan/find_files.ts";
import type { ModelSpec } from "../providers/model_spec.ts";
import { parseModels } from "../providers/options.ts";
import type { Storage } from "../storage/storage.ts";
import type { Command, CommandIo } from "./command.ts";
import { countOf, type OptionValues, parseOptions } from "./options.ts";
import { openStorageOption, storageOption } from "./storage_option.ts";

const options = {
  experiment: {
    type: "text",
    value: "NAME",
    summary: "add results to this experiment; else one named by date and time",
  },
  model: {
    type: "texts",
    value: "[NAME=]SPEC",
    summary: "run with this model, such as openai:gpt-4o-mini; several are variants",
  },
  "model-option": {
    type: "texts",
    value: "NAME.key=VALUE",
    summary: "an option of a model's provider",
  },
  samples: { type: "count", value: "N", least: 1, summary: "only each dataset's first N rows" },
  concurrency: {
    type: "text",
    value: "N|auto",
    summary: "items in flight; auto, the default, finds out how many pay",
  },
  filter: {
    type: "text",
    value: "PATTERN",
    summary: "only evaluations whose name matches, a name or a regular expression",
  },
  fresh: { type: "flag", summary: "start anew; old results stay until the new are complete" },
  keep: { type: "flag", summary: "go on although an evaluation has changed" },
  reporter: {
    type: "text",
    value: "pretty|json",
    choices: ["pretty", "json"],
    summary: "what to print at the end; a table by default",
  },
  quiet: { type: "flag", summary: "no progress, only warnings and results" },
  log: { type: "text", value: "FILE", summary: "write all that happens to a file, as JSON lines" },
  "log-level": {
    type: "text",
    value: "LEVEL",
    choices: ["debug", "info", "warn", "error"],
    summary: "leave less important lines out of the log; info by default",
  },
  ...storageOption,
} as const;

/** What the options of `run` say. */
export type RunValues = OptionValues<typeof options>;

/** The command. */
export const command: Command = {
  name: "run",
  summary: "Run evaluations, or go on with an experiment.",
  usage: "FILE|FOLDER|GLOB… [options]",
  help: `
Folders are searched for *.eval.ts, *_eval.ts and eval_*.ts (and .js, .mjs, .tsx). Running
an experiment again skips what is recorded and runs again what failed. Ctrl-C stops: what
is recorded stays, and the same command goes on with it.

Example:
  dotevals run evals/ --experiment first --model openai:gpt-4o-mini --samples 20`,
  options,
  run,
};

/** What a command line of `run` asks for. */
export interface RunRequest {
  readonly values: RunValues;
  readonly models: readonly ModelSpec[];
  readonly concurrency: number | "auto";
  /** The arguments as given, for the line that says how to go on. */
  readonly args: readonly string[];
  readonly found: FoundFiles;
  /** Where results are recorded; its owner closes it. */
  readonly storage: Promise<Storage>;
}

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "run", options }, args);
  if (words.length === 0) {
    throw new DotevalsError('"dotevals run" needs a file or folder with evaluations.', {
      code: "missing-argument",
      hint: "Write: dotevals run evals/",
    });
  }
  const concurrency = concurrencyOf(values.concurrency);
  const models = parseModels({ models: values.model, options: values["model-option"] });
  const found = await findFiles(words, io.cwd);
  const [problem] = found.problems;
  if (found.files.length === 0 && problem) {
    throw new DotevalsError(problem.text, { code: "nothing-found", hint: problem.hint });
  }
  // A database opens in a thread of its own: meanwhile the rest of the program is loaded.
  const storage = openStorageOption(values.storage, { io, mode: "write" });
  try {
    const { runSession } = await import("./run_session.ts");
    return await runSession({ values, models, concurrency, args, found, storage }, io);
  } finally {
    await storage.then((opened) => opened[Symbol.asyncDispose](), () => {});
  }
}

function concurrencyOf(text: string | undefined): number | "auto" {
  return text === undefined || text === "auto"
    ? "auto"
    : countOf(text, { name: "concurrency", least: 1 });
}
