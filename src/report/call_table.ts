/**
 * What calls of models came to, as people read it.
 *
 * @module
 */
import type { CallTotals } from "../storage/recorded_call.ts";
import { type Cell, type Column, columnLines, type TableOptions } from "./column_lines.ts";
import type { ExperimentReport } from "./experiment_report.ts";
import { countText, dollarsText, durationText } from "./numbers.ts";
import { plain } from "./plain_text.ts";
import { styleOf } from "./style.ts";
import { evaluationLabel } from "./variant_text.ts";

/** Calls of one model, or of all models of an evaluation. */
export type AllCalls = Pick<CallTotals, "calls" | "failed" | "priced" | "cost"> & {
  /** Tokens of requests and answers; 0 where none are counted. */
  readonly tokens: number;
};

/** All models' calls together. */
export function allCalls(calls: readonly CallTotals[]): AllCalls {
  const sum = (pick: (of: CallTotals) => number) => calls.reduce((all, of) => all + pick(of), 0);
  return {
    calls: sum(({ calls }) => calls),
    failed: sum(({ failed }) => failed),
    tokens: sum(tokensOf),
    priced: sum(({ priced }) => priced),
    cost: sum(({ cost = 0 }) => cost),
  };
}

function tokensOf({ inputTokens = 0, outputTokens = 0 }: CallTotals): number {
  return inputTokens + outputTokens;
}

/** A count of tokens; a dash where the provider counts none. */
export function tokensText(tokens: number | undefined): string {
  return tokens ? countText(tokens) : "–";
}

/** What calls cost: `≥` where the price of some that answered is not known. */
export function costText({ calls, failed, priced, cost = 0 }: AllCalls | CallTotals): string {
  if (priced === 0) return "";
  return `${priced < calls - failed ? "≥ " : ""}${dollarsText(cost)}`;
}

/** A line per evaluation and model; none where nothing is known but how many calls there were. */
export function callTable(
  { evaluations }: ExperimentReport,
  { columns, color }: TableOptions,
): readonly string[] {
  const style = styleOf(color);
  const rows = evaluations.flatMap(({ stored, variant, calls }) =>
    calls.map((of) => ({ label: evaluationLabel(stored.name, variant), of }))
  );
  if (rows.every(({ of }) => tokensOf(of) === 0)) return [];
  const column = (title: string, cellOf: (of: CallTotals) => Cell): Column => ({
    title,
    align: "right",
    cells: rows.map(({ of }) => cellOf(of)),
  });
  return columnLines([
    {
      title: "calls of",
      align: "left",
      cells: rows.map(({ label }) => ({ text: label, paint: style.bold })),
    },
    { title: "to", align: "left", cells: rows.map(({ of }) => ({ text: plain(of.model) })) },
    column("calls", ({ calls }) => ({ text: countText(calls) })),
    column("failed", ({ failed }) => ({
      text: countText(failed),
      paint: failed > 0 ? style.red : undefined,
    })),
    column("mean latency", ({ meanLatencyMs }) => ({
      text: meanLatencyMs === undefined ? "" : durationText(meanLatencyMs),
    })),
    column("input tokens", ({ inputTokens }) => ({ text: tokensText(inputTokens) })),
    column("output tokens", ({ outputTokens }) => ({ text: tokensText(outputTokens) })),
    ...rows.some(({ of }) => of.priced > 0)
      ? [column("cost", (of) => ({ text: costText(of) }))]
      : [],
  ], { columns, style });
}
