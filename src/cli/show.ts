/**
 * `dotevals show`: what an experiment has come to.
 *
 * @module
 */
import { callTable } from "../report/call_table.ts";
import { groupErrors } from "../report/error_groups.ts";
import { type ExperimentReport, reportExperiment } from "../report/experiment_report.ts";
import { plain } from "../report/plain_text.ts";
import { errorLines, recordLines } from "../report/record_lines.ts";
import { styleOf } from "../report/style.ts";
import { resultTable } from "../report/table.ts";
import { evaluationLabel } from "../report/variant_text.ts";
import type { Storage } from "../storage/storage.ts";
import type { Command, CommandIo, TextSink } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { reporterOption, wantedReports } from "./reporter_option.ts";
import { openStorageOption, storageOption } from "./storage_option.ts";
import { checkReports, writeReports } from "./write_reports.ts";

const options = {
  evaluation: { type: "text", value: "NAME", summary: "show this evaluation only" },
  errors: { type: "flag", summary: "show what went wrong; with --full or --json, those records" },
  full: { type: "flag", summary: "show each record" },
  ...reporterOption,
  json: { type: "flag", summary: "short for --reporter json: print what docs/json.md describes" },
  ...storageOption,
} as const;

/** The command. */
export const command: Command = {
  name: "show",
  summary: "Show what an experiment has come to.",
  usage: "EXPERIMENT [options]",
  help: `
Prints a table of its evaluations with their counts and metrics, from the storage alone.

Example:
  dotevals show first --errors`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "show", options }, args);
  const [experiment = ""] = wordsFor(words, { command: "show", names: ["EXPERIMENT"] });
  const { evaluation, errors, full } = values;
  const wanted = wantedReports([...values.reporter, ...values.json ? ["json"] : []], io);
  await checkReports(wanted, io);
  await using storage = await openStorageOption(values.storage, { io, mode: "read" });
  const report = await reportExperiment(storage, experiment, { evaluation });
  if (report.evaluations.length === 0) {
    io.stderr.write(`The experiment "${plain(experiment)}" holds no results yet.\n`);
  }
  const failure = await writeReports(wanted, {
    source: { report, storage, records: errors ? "errors" : full ? "all" : undefined },
    pretty: (output) => lines(report, { storage, errors, full, output }),
    io,
  });
  return failure === undefined ? 0 : 2;
}

interface LinesOptions {
  readonly storage: Storage;
  readonly errors: boolean;
  readonly full: boolean;
  readonly output: Pick<TextSink, "size" | "color">;
}

/** The table, and under it what else was asked for, read as it is written. */
async function* lines(report: ExperimentReport, options: LinesOptions): AsyncGenerator<string> {
  const { storage, errors, full, output } = options;
  if (report.evaluations.length === 0) return;
  const columns = output.size?.columns;
  const style = styleOf(output.color);
  const table = { columns, color: output.color };
  for (const line of resultTable(report, table)) yield `${line}\n`;
  for (const [index, line] of callTable(report, table).entries()) {
    yield `${index === 0 ? "\n" : ""}${line}\n`;
  }
  if (!errors && !full) return;
  for (const { stored, variant } of report.evaluations) {
    if (errors && stored.errors === 0) continue;
    yield `\n${style.bold(evaluationLabel(stored.name, variant))}\n`;
    const records = storage.records(stored.id, { errorsOnly: errors });
    if (full) {
      for await (const record of records) {
        if (record.gone) continue;
        for (const line of recordLines(record, { style, columns })) yield `${line}\n`;
      }
    } else {
      const groups = await groupErrors(records);
      for (const line of errorLines(groups, { style, columns })) yield `${line}\n`;
    }
  }
  if (errors && report.evaluations.every(({ stored }) => stored.errors === 0)) {
    yield "\nNo errors.\n";
  }
}
