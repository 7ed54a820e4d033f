/**
 * The table of experiments that `list` prints.
 *
 * @module
 */
import type { ExperimentSummary } from "../storage/experiment_summary.ts";
import { type Cell, type Column, columnLines, type TableOptions } from "./column_lines.ts";
import { countText } from "./numbers.ts";
import { plain } from "./plain_text.ts";
import { styleOf } from "./style.ts";

/** The lines of the table, one per experiment where it fits. */
export function experimentTable(
  experiments: readonly ExperimentSummary[],
  { columns, color }: TableOptions,
): readonly string[] {
  const style = styleOf(color);
  const column = (
    title: string,
    align: "left" | "right",
    cellOf: (experiment: ExperimentSummary) => Cell,
  ): Column => ({ title, align, cells: experiments.map(cellOf) });
  return columnLines([
    column("experiment", "left", ({ name }) => ({ text: plain(name), paint: style.bold })),
    column("status", "left", ({ status }) => ({
      text: status,
      paint: status === "complete" ? style.green : style.yellow,
    })),
    column("evaluations", "right", ({ evaluations }) => ({ text: countText(evaluations) })),
    column("items", "right", ({ completed, items }) => ({
      text: `${countText(completed)}/${countText(items)}`,
    })),
    column("errors", "right", ({ errors }) => ({
      text: countText(errors),
      paint: errors > 0 ? style.red : undefined,
    })),
    column("updated (UTC)", "left", ({ updatedAt }) => ({
      text: updatedAt.toISOString().slice(0, 16).replace("T", " "),
    })),
  ], { columns, style });
}
