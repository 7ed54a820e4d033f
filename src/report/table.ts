/**
 * The table of results that `run` and `show` print.
 *
 * @module
 */
import type { EvaluationId } from "../storage/stored_evaluation.ts";
import type { EvaluationReport, ExperimentReport } from "./experiment_report.ts";
import { counted, countText, durationText } from "./numbers.ts";
import {
  type Cell,
  type Column,
  columnLines,
  type TableOptions,
  widthOfColumns,
} from "./column_lines.ts";
import { metricText, metricTitle } from "./metric_text.ts";
import { type AllCalls, allCalls, costText, tokensText } from "./call_table.ts";
import { plain } from "./plain_text.ts";
import { type Style, styleOf } from "./style.ts";
import { variantText } from "./variant_text.ts";

/** How the table is to look, and what is in it. */
export interface ResultTableOptions extends TableOptions {
  /** How long evaluations took just now, in milliseconds; a column of the table where it is given. */
  readonly durations?: ReadonlyMap<EvaluationId, number> | undefined;
}

/**
 * The lines of the table: a line per evaluation and variant; where that is too wide, a table for
 * each set of metrics; and where that is too wide as well, a few short lines for each.
 */
export function resultTable(
  report: ExperimentReport,
  options: ResultTableOptions,
): readonly string[] {
  const { evaluations } = report;
  const style = styleOf(options.color);
  const layout = { style, durations: options.durations };
  const whole = columnsOf(evaluations, layout);
  const fits = options.columns === undefined || widthOfColumns(whole) <= options.columns;
  const tables = fits ? [whole] : alike(evaluations).map((group) => columnsOf(group, layout));
  const lines = tables.flatMap((columns, index) => [
    ...index > 0 ? [""] : [],
    ...columnLines(columns, { columns: options.columns, style }),
  ]);
  return [...lines, ...footnotes(evaluations, style)];
}

/** Evaluations with the same metrics together, in the order of their first. */
function alike(evaluations: readonly EvaluationReport[]): readonly EvaluationReport[][] {
  const groups = new Map<string, EvaluationReport[]>();
  for (const evaluation of evaluations) {
    const titles = JSON.stringify(evaluation.metrics.map(metricTitle));
    const group = groups.get(titles);
    if (group) group.push(evaluation);
    else groups.set(titles, [evaluation]);
  }
  return [...groups.values()];
}

function columnsOf(
  evaluations: readonly EvaluationReport[],
  { style, durations }: { readonly style: Style } & Pick<ResultTableOptions, "durations">,
): readonly Column[] {
  const bindings = distinct(evaluations.flatMap(({ variant }) => Object.keys(variant)));
  const metrics = distinct(evaluations.flatMap(({ metrics }) => metrics.map(metricTitle)));
  const column = (
    title: string,
    align: "left" | "right",
    cellOf: (evaluation: EvaluationReport) => Cell,
  ): Column => ({ title, align, cells: evaluations.map(cellOf) });
  return [
    column("evaluation", "left", ({ stored }) => ({ text: plain(stored.name), paint: style.bold })),
    ...bindings.map((name) =>
      column(plain(name), "left", ({ variant }) => ({
        text: Object.hasOwn(variant, name) ? variantText(variant[name]) : "",
      }))
    ),
    ...evaluations.some(({ stored }) => stored.status !== "complete")
      ? [column("status", "left", ({ stored }) => ({
        text: stored.status,
        paint: stored.status === "complete" ? style.green : style.yellow,
      }))]
      : [],
    column("items", "right", ({ stored }) => ({
      text: `${countText(stored.completed)}/${countText(stored.items)}`,
      paint: stored.completed < stored.items ? style.yellow : undefined,
    })),
    column("errors", "right", ({ stored }) => ({
      text: countText(stored.errors),
      paint: stored.errors > 0 ? style.red : undefined,
    })),
    ...metrics.map((title) =>
      column(plain(title), "right", ({ metrics }) => {
        const metric = metrics.find((entry) => metricTitle(entry) === title);
        return { text: metric ? metricText(metric) : "" };
      })
    ),
    ...callColumns(evaluations),
    ...durations
      ? [column("time", "right", ({ stored }) => {
        const took = durations.get(stored.id);
        return { text: took === undefined ? "" : durationText(took), paint: style.dim };
      })]
      : [],
  ];
}

/** Tokens and cost, where there are any. */
function callColumns(evaluations: readonly EvaluationReport[]): readonly Column[] {
  const totals = evaluations.map(({ calls }) => allCalls(calls));
  const column = (title: string, cellOf: (of: AllCalls) => string): Column => ({
    title,
    align: "right",
    cells: totals.map((of) => ({ text: of.calls === 0 ? "" : cellOf(of) })),
  });
  return [
    ...totals.some(({ tokens }) => tokens > 0)
      ? [column("tokens", ({ tokens }) => tokensText(tokens))]
      : [],
    ...totals.some(({ priced }) => priced > 0) ? [column("cost", costText)] : [],
  ];
}

function footnotes(evaluations: readonly EvaluationReport[], style: Style): readonly string[] {
  const gone = evaluations.reduce((sum, { stored }) => sum + stored.gone, 0);
  return gone === 0 ? [] : [
    style.dim(
      `${counted(gone, "recorded item")} left out: their rows are no longer in the dataset.`,
    ),
  ];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
