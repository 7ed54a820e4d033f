/**
 * The reporter `markdown`: tables for a pull request or a step's summary.
 *
 * @module
 */
import { allCalls, costText, tokensText } from "../call_table.ts";
import { groupErrors } from "../error_groups.ts";
import type { EvaluationReport } from "../experiment_report.ts";
import { reason } from "../gates/gate_lines.ts";
import { markdownTable } from "../markdown_table.ts";
import { codeSpan } from "../markdown_text.ts";
import { metricText, metricTitle } from "../metric_text.ts";
import { counted, countText } from "../numbers.ts";
import type { ReportSource } from "../reporter.ts";
import { shortened } from "../shortened.ts";
import { unfinishedText } from "../unfinished.ts";
import { evaluationLabel } from "../variant_text.ts";

/** Kinds of errors of an evaluation that are listed. */
const GROUPS = 20;
const TEXT = 300;

const ERROR_COLUMNS = [
  { title: "error" },
  { title: "items", isNumber: true },
  { title: "first row" },
];

const GATE_COLUMNS = [{ title: "gate" }, { title: "outcome" }, { title: "why" }];

/** The document, in pieces of whole lines. */
export async function* reporter(source: ReportSource): AsyncGenerator<string> {
  const { report, storage, judgements = [] } = source;
  const { evaluations } = report;
  yield `# Experiment ${codeSpan(report.experiment)}\n\n`;
  for (const line of resultLines(evaluations)) yield `${line}\n`;
  if (judgements.length > 0) {
    const rows = judgements.map((judgement) => [
      codeSpan(judgement.gate.text.trim()),
      judgement.passed ? "passed" : "**failed**",
      codeSpan(reason(judgement)),
    ]);
    yield "\n## Gates\n\n";
    for (const line of markdownTable(GATE_COLUMNS, rows)) yield `${line}\n`;
  }
  for (const evaluation of evaluations) {
    const problem = unfinishedText(evaluation, source);
    if (problem === undefined) continue;
    const label = codeSpan(evaluationLabel(evaluation.stored.name, evaluation.variant));
    yield `\n${label} did not come to its end: ${codeSpan(shortened(problem, TEXT))}\n`;
  }
  for (const { stored, variant } of evaluations) {
    if (stored.errors === 0) continue;
    const label = codeSpan(evaluationLabel(stored.name, variant));
    yield `\n## ${counted(stored.errors, "error")} of ${label}\n\n`;
    const { groups, others } = await groupErrors(storage.records(stored.id, { errorsOnly: true }));
    const rows = groups.slice(0, GROUPS).map(({ name, message, count, examples }) => [
      codeSpan(shortened(`${name}: ${message}`, TEXT)),
      countText(count),
      codeSpan(shortened(examples[0]?.row ?? "", TEXT)),
    ]);
    for (const line of markdownTable(ERROR_COLUMNS, rows)) yield `${line}\n`;
    const left = groups.slice(GROUPS).reduce((sum, { count }) => sum + count, others);
    if (left > 0) yield `\n${counted(left, "error")} more, of other kinds.\n`;
  }
}

/** A table for the evaluations with the same metrics; tokens and cost where there are any. */
function resultLines(evaluations: readonly EvaluationReport[]): readonly string[] {
  const totals = evaluations.map(({ calls }) => allCalls(calls));
  const callColumns = [
    ...totals.some(({ tokens }) => tokens > 0) ? ["tokens"] : [],
    ...totals.some(({ priced }) => priced > 0) ? ["cost"] : [],
  ];
  const alike = Map.groupBy(evaluations, ({ metrics }) => JSON.stringify(metrics.map(metricTitle)));
  return [...alike.values()].flatMap((group, at) => {
    const titles = (group[0]?.metrics ?? []).map((metric) => codeSpan(metricTitle(metric)));
    const numbers = ["items", "errors", ...titles, ...callColumns];
    return [
      ...at > 0 ? [""] : [],
      ...markdownTable(
        [{ title: "evaluation" }, ...numbers.map((title) => ({ title, isNumber: true }))],
        group.map((evaluation) => cellsOf(evaluation, callColumns)),
      ),
    ];
  });
}

function cellsOf(
  { stored, variant, metrics, calls }: EvaluationReport,
  callColumns: readonly string[],
): readonly string[] {
  const all = allCalls(calls);
  return [
    codeSpan(evaluationLabel(stored.name, variant)),
    `${countText(stored.completed)}/${countText(stored.items)}`,
    countText(stored.errors),
    ...metrics.map(metricText),
    ...callColumns.map((name) => name === "tokens" ? tokensText(all.tokens) : costText(all)),
  ];
}
