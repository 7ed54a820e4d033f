/**
 * What is shown of an evaluation while it runs, each piece of text on its own.
 *
 * @module
 */
import type { EndpointCalls } from "../run/events.ts";
import {
  clockText,
  compactText,
  counted,
  countText,
  dollarsText,
  estimateText,
  rateText,
} from "./numbers.ts";
import { plain } from "./plain_text.ts";
import type { EvaluationProgress } from "./progress_state.ts";

/** The pieces; those that there is nothing to say of are empty. */
export interface ProgressPieces {
  readonly label: string;
  /** Done, of how many. */
  readonly counts: string;
  readonly rate: string;
  /** The time that is left, or how it ended. */
  readonly left: string;
  /** Calls in flight, of how many that there may be. */
  readonly flight: string;
  readonly errors: string;
  readonly retries: string;
  readonly tokens: string;
  readonly cost: string;
  readonly metric: string;
  /** The metric without its score's name. */
  readonly shortMetric: string;
  /** What its calls wait for, where that is not for a place. */
  readonly waiting: string;
}

/** The pieces between label and metric, in the order in which they are shown. */
export const MIDDLE = [
  "counts",
  "rate",
  "errors",
  "left",
  "flight",
  "retries",
  "tokens",
  "cost",
] as const satisfies readonly (keyof ProgressPieces)[];

/** The name of a piece in the middle. */
export type MiddlePiece = typeof MIDDLE[number];

/** The pieces at a time in milliseconds. */
export function piecesOf(progress: EvaluationProgress, time: number): ProgressPieces {
  const { items, done, errors, retries, spent, metric } = progress;
  const rate = rateOf(progress, time);
  return {
    label: progress.label,
    counts: items === undefined ? countText(done) : `${countText(done)}/${countText(items)}`,
    rate: rate === undefined ? "" : rateText(rate),
    left: leftText(progress, rate),
    flight: flightText(progress),
    errors: counted(errors, "error"),
    retries: retries === 0 ? "" : counted(retries, "retry", "retries"),
    tokens: spent.tokens === 0 ? "" : `${compactText(spent.tokens)} tokens`,
    cost: spent.priced === 0 ? "" : dollarsText(spent.cost),
    metric: metric ? plain(`${metric.score}.${metricText(metric)}`) : "",
    shortMetric: metric ? plain(metricText(metric)) : "",
    waiting: waitingText(progress),
  };
}

/** Items per second: of late while it runs, of the whole session after. */
function rateOf(progress: EvaluationProgress, time: number): number | undefined {
  return progress.end === undefined ? progress.meter.perSecond(time) : progress.overall;
}

function leftText({ items, done, end }: EvaluationProgress, rate: number | undefined): string {
  if (end !== undefined) return end === "complete" ? "done" : end;
  if (items === undefined || !rate || done >= items) return "";
  return `${clockText((items - done) * 1000 / rate)} left`;
}

function metricText(
  { metric, value, interval }: NonNullable<EvaluationProgress["metric"]>,
): string {
  return `${metric} ${estimateText(value, interval)}`;
}

function flightText({ calls, endpoint }: EvaluationProgress): string {
  if (!calls) return "";
  const { items, inFlight, waiting } = calls;
  const isCalling = inFlight > 0 || Object.values(waiting).some((count) => count > 0);
  if (endpoint) return `${countText(inFlight)}/${countText(endpoint.limit)} in flight`;
  return isCalling ? `${countText(inFlight)} in flight` : `${countText(items)} under way`;
}

/** Why calls wait; nothing of those that wait for a place, as some always do. */
function waitingText({ calls, endpoint }: EvaluationProgress): string {
  if (!calls) return "";
  const { turn, retry, budget } = calls.waiting;
  const pause = turn > 0 ? endpoint?.pause : undefined;
  const parts = [
    ...pause ? [`${countText(turn)} for ${pauseText(pause)}`] : [],
    ...retry > 0 ? [`${countText(retry)} to be tried again`] : [],
    ...budget > 0 ? [`${countText(budget)} for the budget`] : [],
  ];
  return parts.length === 0 ? "" : `waiting: ${parts.join(", ")}`;
}

function pauseText({ why, leftMs }: NonNullable<EndpointCalls["pause"]>): string {
  const time = leftMs === undefined ? "" : ` (${clockText(leftMs)})`;
  switch (why) {
    case "down":
      return leftMs === undefined
        ? "the endpoint, which is down (asked again now)"
        : `the endpoint, which is down${time}`;
    case "asked":
      return `the pause that the endpoint asked for${time}`;
    case "quota":
      return `the rate limit${time}`;
  }
}

/** The pieces as a sentence, for where there is no terminal. */
export function progressSentence(progress: EvaluationProgress, time: number): string {
  const pieces = piecesOf(progress, time);
  const { label, counts, rate, errors, retries, left, metric, tokens, cost, waiting } = pieces;
  const parts = [`${counts} items`, rate, errors, retries, left, metric, tokens, cost, waiting];
  return `${label}: ${parts.filter((part) => part !== "").join(", ")}`;
}
