/**
 * Evaluations that did not come to their end.
 *
 * @module
 */
import type { EvaluationReport } from "./experiment_report.ts";
import { countText } from "./numbers.ts";
import type { ReportSource } from "./reporter.ts";

/** How far an evaluation came and why no further; `undefined` where it is complete. */
export function unfinishedText(
  { stored }: EvaluationReport,
  { reasons }: Pick<ReportSource, "reasons">,
): string | undefined {
  const { id, status, completed, items } = stored;
  if (status === "complete") return undefined;
  const reason = reasons?.get(id);
  // How many there are is not known before the dataset's end.
  const of = items > completed ? ` of ${countText(items)}` : "";
  return `${status}, ${countText(completed)}${of} items are recorded` +
    (reason === undefined ? "" : `: ${reason}`);
}
