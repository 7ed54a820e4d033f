/**
 * What `dotevals show` prints for people.
 *
 * @module
 */
import { callTable } from "../report/call_table.ts";
import { detailLines } from "../report/detail_lines.ts";
import { type GroupedErrors, groupErrors, mergeErrors } from "../report/error_groups.ts";
import { errorLines, errorSummary } from "../report/error_lines.ts";
import type { EvaluationReport, ExperimentReport } from "../report/experiment_report.ts";
import { recordLines } from "../report/record_lines.ts";
import { scoreLines, scoreSummaries } from "../report/score_lines.ts";
import { type Style, styleOf } from "../report/style.ts";
import { resultTable } from "../report/table.ts";
import { evaluationLabel } from "../report/variant_text.ts";
import type { Storage } from "../storage/storage.ts";
import type { TextSink } from "./command.ts";
import { shellWord } from "./shell_word.ts";

/** So many evaluations have their scores shown in full; of more, each score has a line. */
const FEW = 4;

/** Errors that are looked at for a summary, and kinds that are in it. */
const SUMMED_ERRORS = 1_000;
const KINDS = 3;

/** What to show, and where. */
export interface ShowLinesOptions {
  readonly storage: Storage;
  readonly errors: boolean;
  readonly full: boolean;
  readonly sink: Pick<TextSink, "size" | "color">;
  /** What to write in a shell to run the command. */
  readonly program: string;
}

/** The table, and under it what else was asked for, read as it is written. */
export async function* showLines(
  report: ExperimentReport,
  options: ShowLinesOptions,
): AsyncGenerator<string> {
  const { errors, full, sink } = options;
  if (report.evaluations.length === 0) return;
  const table = { columns: sink.size?.columns, color: sink.color };
  for (const line of resultTable(report, table)) yield `${line}\n`;
  for (const [index, line] of callTable(report, table).entries()) {
    yield `${index === 0 ? "\n" : ""}${line}\n`;
  }
  if (full) yield* allRecords(report, options);
  else if (errors) yield* allErrors(report, options);
  else yield* overview(report, options);
}

/** Each record. */
async function* allRecords(
  { evaluations }: ExperimentReport,
  { storage, errors, sink }: ShowLinesOptions,
): AsyncGenerator<string> {
  const style = styleOf(sink.color);
  for (const { stored, variant } of evaluations) {
    if (errors && stored.errors === 0) continue;
    yield `\n${style.bold(evaluationLabel(stored.name, variant))}\n`;
    for await (const record of storage.records(stored.id, { errorsOnly: errors })) {
      if (record.gone) continue;
      for (const line of recordLines(record, { style, items: stored.completed })) yield `${line}\n`;
    }
  }
  if (errors && evaluations.every(({ stored }) => stored.errors === 0)) yield "\nNo errors.\n";
}

/** The errors of each evaluation by kind. */
async function* allErrors(
  { evaluations }: ExperimentReport,
  { storage, sink }: ShowLinesOptions,
): AsyncGenerator<string> {
  const style = styleOf(sink.color);
  const columns = sink.size?.columns;
  for (const { stored, variant } of evaluations) {
    if (stored.errors === 0) continue;
    yield `\n${style.bold(evaluationLabel(stored.name, variant))}\n`;
    const groups = await groupErrors(storage.records(stored.id, { errorsOnly: true }));
    const lines = errorLines(groups, { style, columns, items: stored.completed });
    for (const line of lines) yield `${line}\n`;
  }
  if (evaluations.every(({ stored }) => stored.errors === 0)) yield "\nNo errors.\n";
}

/** How scores are spread, what explains metrics, and the most frequent errors. */
async function* overview(
  report: ExperimentReport,
  options: ShowLinesOptions,
): AsyncGenerator<string> {
  const { evaluations } = report;
  const style = styleOf(options.sink.color);
  const areMany = evaluations.length > FEW;
  for (const evaluation of evaluations) {
    const lines = [
      ...spreadLines(evaluation, { style, options, areMany }),
      ...areMany ? [] : await frequentErrors([evaluation], options),
    ];
    if (lines.length === 0) continue;
    yield `\n${style.bold(evaluationLabel(evaluation.stored.name, evaluation.variant))}\n`;
    for (const line of lines) yield `${line}\n`;
  }
  const errors = areMany ? await frequentErrors(evaluations, options) : [];
  if (errors.length > 0) yield "\nerrors\n";
  for (const line of errors) yield `${line}\n`;
  for (const line of moreLines(report, options)) yield `${style.dim(line)}\n`;
}

function spreadLines(
  evaluation: EvaluationReport,
  { style, options, areMany }: {
    readonly style: Style;
    readonly options: ShowLinesOptions;
    readonly areMany: boolean;
  },
): readonly string[] {
  const layout = { style, columns: options.sink.size?.columns };
  if (areMany) return scoreSummaries(evaluation, layout);
  return [...scoreLines(evaluation, layout), ...detailLines(evaluation, layout)];
}

/** The most frequent errors of some evaluations together, each kind in a line. */
export async function frequentErrors(
  evaluations: readonly EvaluationReport[],
  { storage, sink }: Pick<ShowLinesOptions, "storage" | "sink">,
): Promise<readonly string[]> {
  const failed = evaluations.filter(({ stored }) => stored.errors > 0);
  const groups: GroupedErrors[] = [];
  for (const { stored } of failed) {
    const records = storage.records(stored.id, { errorsOnly: true });
    groups.push(await groupErrors(records, { most: SUMMED_ERRORS }));
  }
  return errorSummary(mergeErrors(groups), {
    style: styleOf(sink.color),
    columns: sink.size?.columns,
    items: Math.max(0, ...failed.map(({ stored }) => stored.completed)),
    most: KINDS,
  });
}

/** The commands that show more. */
function moreLines(
  { experiment, evaluations }: ExperimentReport,
  { program }: ShowLinesOptions,
): readonly string[] {
  const show = `${program} show ${shellWord(experiment)}`;
  const hasKeys = evaluations.some(({ stored, distributions }) =>
    stored.errors > 0 || [...distributions.values()].some(({ lowest }) => lowest.length > 0)
  );
  return [
    ...hasKeys ? ["", `an item: ${show} --item KEY`] : [],
    ...evaluations.some(({ stored }) => stored.errors > 0) ? [`errors: ${show} --errors`] : [],
    ...evaluations.length > FEW ? [`scores in full: ${show} --evaluation NAME`] : [],
  ];
}
