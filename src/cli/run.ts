/**
 * `dotevals run`: runs evaluations, or goes on with an experiment.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { findFiles } from "../plan/find_files.ts";
import { parseShard } from "../plan/shard.ts";
import { parseModels } from "../providers/options.ts";
import type { Concurrency } from "../run/concurrency.ts";
import { budgetOf } from "./budget_option.ts";
import type { Command, CommandIo } from "./command.ts";
import { checkExperimentName } from "./experiment_name.ts";
import { countOf, parseOptions } from "./options.ts";
import { runOptions, type RunValues } from "./run_request.ts";
import { wantedReports } from "./reporter_option.ts";
import { openStorageOption } from "./storage_option.ts";
import { checkReports } from "./write_reports.ts";

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
  options: runOptions,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "run", options: runOptions }, args);
  if (words.length === 0) {
    throw new DotevalsError('"dotevals run" needs a file or folder with evaluations.', {
      code: "missing-argument",
      hint: "Write: dotevals run evals/",
    });
  }
  if (values.experiment !== undefined) checkExperimentName(values.experiment);
  const concurrency = await concurrencyOf(values);
  const budget = budgetOf(values);
  const shard = values.shard === undefined ? undefined : parseShard(values.shard);
  const reports = wantedReports(values.reporter, io);
  const models = parseModels({ models: values.model, options: values["model-option"] });
  const found = await findFiles(words, io.cwd);
  if (found.files.length === 0) {
    throw new DotevalsError(found.problems.map(({ text }) => text).join("\n"), {
      code: "nothing-found",
      hint: found.problems.find(({ hint }) => hint !== undefined)?.hint,
    });
  }
  await checkReports(reports, io);
  // A database opens in a thread of its own: meanwhile the rest of the program is loaded.
  const storage = openStorageOption(values.storage, { io, mode: "write" });
  // Until somebody waits for it, its failure is nobody's.
  storage.catch(() => {});
  try {
    const { runSession } = await import("./run_session.ts");
    return await runSession(
      { values, models, concurrency, budget, shard, reports, args, found, storage },
      io,
    );
  } finally {
    await storage.then((opened) => opened[Symbol.asyncDispose](), () => {});
  }
}

async function concurrencyOf(values: RunValues): Promise<Concurrency> {
  const { concurrency = "auto", "max-concurrency": max } = values;
  if (concurrency !== "auto") {
    const count = countOf(concurrency, { name: "concurrency", least: 1 });
    if (max === undefined) return count;
    throw new DotevalsError(`--max-concurrency ${max} has no effect with --concurrency ${count}.`, {
      code: "invalid-value",
      hint: "Leave one of them out; --max-concurrency is the most that --concurrency auto may use.",
    });
  }
  if (max === undefined) return "auto";
  const { cappedAt } = await import("../run/concurrency.ts");
  return cappedAt(max);
}
