/**
 * `dotevals run`: runs evaluations, or goes on with an experiment.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { discover, type DiscoveryProblem } from "../plan/discover.ts";
import { parseModels } from "../providers/options.ts";
import { type Progress, progress } from "../report/progress.ts";
import type { Command, CommandIo } from "./command.ts";
import { onUnhandled } from "./unhandled.ts";
import { countOf, type OptionValues, parseOptions } from "./options.ts";
import { runSession } from "./run_session.ts";
import { selectByName } from "./select.ts";
import { storageOption } from "./storage_option.ts";

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
  using shown = showProgress(values, io);
  using _unhandled = onUnhandled((text) => tell(shown, "error", text));
  const { evaluations, problems } = await discover(words, io.cwd);
  for (const problem of problems) tellProblem(problem, { shown, io });
  const selected = selectByName(evaluations, values.filter);
  if (selected.length === 0) {
    throw new DotevalsError("There is nothing to run.", {
      code: "nothing-found",
      hint: "Evaluations are exported from *.eval.ts files: export const accuracy = foreach(…).",
    });
  }
  const status = await runSession(selected, { values, models, concurrency, args, shown, io });
  return status === 0 && problems.length > 0 ? 2 : status;
}

function showProgress({ quiet }: RunValues, { stderr, clock }: CommandIo): Progress {
  return progress({
    write: (text) => stderr.write(text),
    isTerminal: stderr.isTerminal,
    size: () => stderr.size ?? { columns: 80, rows: 24 },
    color: stderr.color,
    clock,
    quiet,
  });
}

function tell(shown: Progress, level: "warn" | "error", text: string, hint?: string): void {
  shown.listen({ type: "message", level, text, hint, source: "dotevals" });
}

function tellProblem(
  { text, hint, cause }: DiscoveryProblem,
  { shown, io }: { readonly shown: Progress; readonly io: CommandIo },
): void {
  const stack = io.debug && cause instanceof Error ? `\n${cause.stack}` : "";
  tell(shown, "error", `${text}${stack}`, hint);
}

function concurrencyOf(text: string | undefined): number | "auto" {
  return text === undefined || text === "auto"
    ? "auto"
    : countOf(text, { name: "concurrency", least: 1 });
}
