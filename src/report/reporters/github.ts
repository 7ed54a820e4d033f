/**
 * The reporter `github`: annotations for GitHub Actions, one for each gate that failed and each kind of
 * error.
 *
 * GitHub shows ten of a level for a step, and the rest in the log: what is wrong with most items comes
 * first, and evaluations of which all items failed before others.
 *
 * @module
 */
import { annotationLine } from "../command_text.ts";
import { type ErrorGroup, groupErrors } from "../error_groups.ts";
import type { EvaluationReport } from "../experiment_report.ts";
import { reason } from "../gates/gate_lines.ts";
import { counted, countText } from "../numbers.ts";
import type { ReportSource } from "../reporter.ts";
import { shortened } from "../shortened.ts";
import { placeIn } from "../stack_place.ts";
import { unfinishedText } from "../unfinished.ts";
import { evaluationLabel } from "../variant_text.ts";

/** Annotations in all. */
const MOST = 50;
const MESSAGE = 2_000;
const ROW = 200;

/** The annotations, a line each. */
export async function* reporter(source: ReportSource): AsyncGenerator<string> {
  const { report, storage, folder, judgements = [] } = source;
  for (const judgement of judgements.filter(({ passed }) => !passed).slice(0, MOST)) {
    const title = `gate failed: ${judgement.gate.text.trim()}`;
    yield `${annotationLine({ level: "error", title, message: reason(judgement) })}\n`;
  }
  for (const evaluation of report.evaluations.slice(0, MOST)) {
    const problem = unfinishedText(evaluation, source);
    if (problem === undefined) continue;
    const label = evaluationLabel(evaluation.stored.name, evaluation.variant);
    const title = `${label} did not come to its end`;
    const message = shortened(problem, MESSAGE);
    yield `${annotationLine({ level: "error", title, message })}\n`;
  }
  const failed = report.evaluations
    .filter(({ stored }) => stored.errors > 0)
    .toSorted((a, b) => Number(isLost(b)) - Number(isLost(a)));
  const found: { evaluation: EvaluationReport; group: ErrorGroup }[] = [];
  let untold = 0;
  for (const evaluation of failed) {
    const { id } = evaluation.stored;
    const { groups, others } = await groupErrors(storage.records(id, { errorsOnly: true }));
    const room = MOST - found.length;
    found.push(...groups.slice(0, room).map((group) => ({ evaluation, group })));
    untold += groups.slice(room).reduce((sum, { count }) => sum + count, others);
  }
  for (const { evaluation, group } of found) yield `${annotation(group, { evaluation, folder })}\n`;
  if (untold > 0) {
    const message = `${counted(untold, "more item")} ended with errors of other kinds.`;
    yield `${annotationLine({ level: "warning", title: "dotevals", message })}\n`;
  }
}

function isLost({ stored }: EvaluationReport): boolean {
  return stored.errors === stored.completed;
}

function annotation(
  { name, message, count, examples }: ErrorGroup,
  { evaluation, folder }: { readonly evaluation: EvaluationReport; readonly folder: string },
): string {
  const { stored, variant } = evaluation;
  const [first] = examples;
  const rows = examples.map(({ position }) => position).join(", ");
  return annotationLine({
    level: "error",
    title: `${evaluationLabel(stored.name, variant)}: ${counted(count, "item")} of ${
      countText(stored.completed)
    } failed`,
    message: [
      shortened(`${name}: ${message}`, MESSAGE),
      `${examples.length === 1 ? "Row" : "Rows"} ${rows}${count > examples.length ? ", …" : ""}: ${
        shortened(first?.row ?? "", ROW)
      }`,
    ].join("\n"),
    ...placeIn(folder, first?.error?.stack),
  });
}
