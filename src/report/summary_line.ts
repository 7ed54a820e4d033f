/**
 * All evaluations of a session in one line.
 *
 * @module
 */
import { clockText, compactText, counted, countText, dollarsText, rateText } from "./numbers.ts";
import type { EvaluationProgress, ProgressState } from "./progress_state.ts";

/** How many evaluations are done, and what they have come to together. */
export function summaryLine(state: ProgressState, time: number): string {
  const { evaluations, finished } = state;
  const sum = (pick: (of: EvaluationProgress) => number) =>
    evaluations.reduce((all, entry) => all + pick(entry), 0);
  const running = evaluations.filter(({ end }) => end === undefined);
  const rate = running.reduce((all, { meter }) => all + (meter.perSecond(time) ?? 0), 0);
  const inFlight = sum(({ calls }) => calls?.inFlight ?? 0);
  const retries = sum((entry) => entry.retries);
  const tokens = sum(({ spent }) => spent.tokens);
  const parts = [
    `${countText(finished)} of ${counted(evaluations.length, "evaluation")} done`,
    counted(sum(({ done }) => done), "item"),
    counted(sum(({ errors }) => errors), "error"),
    ...rate > 0 ? [rateText(rate)] : [],
    ...leftOf(running, rate),
    ...inFlight > 0 ? [`${countText(inFlight)} in flight`] : [],
    ...retries > 0 ? [counted(retries, "retry", "retries")] : [],
    ...tokens > 0 ? [`${compactText(tokens)} tokens`] : [],
    ...sum(({ spent }) => spent.priced) > 0 ? [dollarsText(sum(({ spent }) => spent.cost))] : [],
  ];
  return parts.join(", ");
}

/** The time that is left, where all totals are known. */
function leftOf(running: readonly EvaluationProgress[], rate: number): readonly string[] {
  const left = running.reduce((all, { items, done }) => all + ((items ?? NaN) - done), 0);
  return rate > 0 && left > 0 ? [`${clockText(left * 1000 / rate)} left`] : [];
}
