/**
 * `dotevals show`: what an experiment has come to.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { evaluationsOf, reportExperiment } from "../report/experiment_report.ts";
import { plain } from "../report/plain_text.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { reporterOption, type WantedReport, wantedReports } from "./reporter_option.ts";
import { showItem } from "./show_item.ts";
import { showLines } from "./show_lines.ts";
import { openStorageOption, storageOption } from "./storage_option.ts";
import { writePieces } from "./write_pieces.ts";
import { checkReports, writeReports } from "./write_reports.ts";

const options = {
  evaluation: { type: "text", value: "NAME", summary: "show this evaluation only" },
  errors: {
    type: "flag",
    summary: "show what went wrong, by kind; with --full or --json, those records",
  },
  item: {
    type: "text",
    value: "KEY",
    summary: "tell the full story of an item; the first digits of its key suffice",
  },
  full: { type: "flag", summary: "show each record; with --item, long texts whole" },
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
Prints a table of its evaluations with their counts and metrics, and how their scores are
spread, from the storage alone.

Example:
  dotevals show first --errors
  dotevals show first --item 3f9a2c1e`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "show", options }, args);
  const [experiment = ""] = wordsFor(words, { command: "show", names: ["EXPERIMENT"] });
  const { evaluation, errors, full, item } = values;
  const wanted = wantedReports([...values.reporter, ...values.json ? ["json"] : []], io);
  if (item !== undefined) checkForPeople(wanted);
  await checkReports(wanted, io);
  await using storage = await openStorageOption(values.storage, { io, mode: "read" });
  if (item !== undefined) {
    const evaluations = await evaluationsOf(storage, experiment, evaluation);
    const { stdout: sink } = io;
    await writePieces(sink, showItem(evaluations, { storage, experiment, key: item, full, sink }));
    return 0;
  }
  const report = await reportExperiment(storage, experiment, { evaluation });
  if (report.evaluations.length === 0) {
    io.stderr.write(`The experiment "${plain(experiment)}" holds no results yet.\n`);
  }
  const { program } = io;
  const areWritten = await writeReports(wanted, {
    source: { report, storage, records: errors ? "errors" : full ? "all" : undefined },
    pretty: (sink) => showLines(report, { storage, errors, full, sink, program }),
    io,
  });
  return areWritten ? 0 : 2;
}

/** An item's story is told to people; programs find items among the records. */
function checkForPeople(wanted: readonly WantedReport[]): void {
  const other = wanted.find(({ name, file }) => name !== "pretty" || file !== undefined);
  if (other === undefined) return;
  throw new DotevalsError(`--item has no report ${other.name}.`, {
    code: "invalid-value",
    hint: "Leave one of them out; --json --full has all records.",
  });
}
