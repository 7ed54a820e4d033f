/**
 * What explains a metric, as people read it: groups, a confusion matrix, or what else it says.
 *
 * @module
 */
import type { MetricParameter } from "../evaluation/metric.ts";
import { detailedInterval } from "../metrics/metric_interval.ts";
import { type Cell, columnLines } from "./column_lines.ts";
import type { EvaluationReport, ReportedMetric } from "./experiment_report.ts";
import { metricTitle } from "./metric_text.ts";
import { counted, countText, estimateText } from "./numbers.ts";
import { plain } from "./plain_text.ts";
import type { ScoreLinesOptions } from "./score_lines.ts";
import type { Style } from "./style.ts";
import { truncated } from "./text_width.ts";

/** Rows of one metric, and columns of a matrix, at the most. */
const MOST_ROWS = 20;
const MOST_LABELS = 12;
const INDENT = "    ";

type Details = Readonly<Record<string, MetricParameter>>;

/** The details of an evaluation's metrics, each under its name; none of an interval, which tables show. */
export function detailLines(
  { metrics }: EvaluationReport,
  options: ScoreLinesOptions,
): readonly string[] {
  return metrics.flatMap((metric) => {
    const lines = linesOf(metric, options);
    const name = plain(metricTitle(metric));
    return lines.length === 0 ? [] : [`  ${name}`, ...lines.map((line) => INDENT + line)];
  });
}

function linesOf(
  { details }: ReportedMetric,
  { style, columns }: ScoreLinesOptions,
): readonly string[] {
  if (details === undefined || details === null || detailedInterval(details)) return [];
  const layout = { style, columns: columns === undefined ? undefined : columns - INDENT.length };
  const rows = isObject(details) ? matrixLines(details, layout) ?? groupLines(details, layout) : [];
  if (rows.length > 0) return rows;
  const text = plain(JSON.stringify(details));
  return [truncated(text, layout.columns ?? 200)];
}

function isObject(details: MetricParameter): details is Details {
  return typeof details === "object" && details !== null && !Array.isArray(details);
}

/** The groups of `groupBy`, those of the lowest value first where not all are shown. */
function groupLines(details: Details, layout: ScoreLinesOptions): readonly string[] {
  const groups = Object.entries(details).flatMap(([name, group]) =>
    isObject(group) && "value" in group ? [{ name, group }] : []
  );
  if (groups.length < Object.keys(details).length) return [];
  const number = ({ value }: Details) => typeof value === "number" ? value : null;
  const ordered = groups.length <= MOST_ROWS
    ? groups
    : groups.toSorted((a, b) => (number(a.group) ?? -Infinity) - (number(b.group) ?? -Infinity));
  const shown = ordered.slice(0, MOST_ROWS);
  const column = (title: string, cellOf: (of: typeof shown[number]) => Cell) => ({
    title,
    align: "right" as const,
    cells: shown.map(cellOf),
  });
  return [
    ...columnLines([
      { title: "group", align: "left", cells: shown.map(({ name }) => ({ text: plain(name) })) },
      column("items", ({ group: { count } }) => ({
        text: typeof count === "number" ? countText(count) : "",
      })),
      column("value", ({ group }) => ({
        text: estimateText(number(group), detailedInterval(group.details)),
      })),
    ], layout),
    ...more(groups.length - shown.length, "group", layout.style),
  ];
}

/** The matrix of `confusionMatrix`: a row for what is right, a column for what was said. */
function matrixLines(details: Details, layout: ScoreLinesOptions): readonly string[] | undefined {
  const { labels, counts } = details;
  if (!Array.isArray(labels) || !Array.isArray(counts)) return undefined;
  const names = labels.slice(0, MOST_LABELS).map((label) =>
    plain(typeof label === "string" ? label : JSON.stringify(label))
  );
  const cell = (row: number, column: number): Cell => {
    const line = counts[row];
    const count = Array.isArray(line) ? Number(line[column] ?? 0) : 0;
    const isRight = row === column;
    const { style } = layout;
    return {
      text: countText(count),
      paint: isRight ? style.green : count > 0 ? style.yellow : style.dim,
    };
  };
  return [
    ...columnLines([
      { title: "expected ↓ predicted →", align: "left", cells: names.map((text) => ({ text })) },
      ...names.map((title, column) => ({
        title,
        align: "right" as const,
        cells: names.map((_, row) => cell(row, column)),
      })),
    ], layout),
    ...more(labels.length - names.length, "label", layout.style),
  ];
}

function more(count: number, noun: string, style: Style): readonly string[] {
  return count <= 0 ? [] : [style.dim(`and ${counted(count, `more ${noun}`)}: --json has all`)];
}
