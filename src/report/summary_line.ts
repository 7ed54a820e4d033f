/**
 * All evaluations of a session in one line.
 *
 * @module
 */
import { counted, countText, rateText } from "./numbers.ts";
import type { ProgressState } from "./progress_state.ts";

/** How many evaluations are done, and what they have come to together. */
export function summaryLine(state: ProgressState, time: number): string {
  const { evaluations, finished } = state;
  let done = 0;
  let errors = 0;
  let rate = 0;
  for (const entry of evaluations) {
    done += entry.done;
    errors += entry.errors;
    if (entry.end === undefined) rate += entry.meter.perSecond(time) ?? 0;
  }
  const parts = [
    `${countText(finished)} of ${counted(evaluations.length, "evaluation")} done`,
    counted(done, "item"),
    counted(errors, "error"),
    ...rate > 0 ? [rateText(rate)] : [],
  ];
  return parts.join(", ");
}
