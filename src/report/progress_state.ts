/**
 * Where each evaluation of a session stands, kept up to date by its events.
 *
 * @module
 */
import type {
  EndpointCalls,
  EvaluationCalls,
  EvaluationEnd,
  EvaluationRef,
  RunEvent,
  RunningMetric,
} from "../run/events.ts";
import type { ItemRecordDraft } from "../storage/stored_record.ts";
import { plain } from "./plain_text.ts";
import { RateMeter } from "./rate_meter.ts";

/** Where one evaluation stands. */
export interface EvaluationProgress {
  /** Name and variant, fit for a terminal. */
  readonly label: string;
  /** Items in all; `undefined` while that is not known. */
  readonly items: number | undefined;
  /** Items with a committed result, those of earlier sessions included. */
  readonly done: number;
  readonly errors: number;
  /** Attempts of calls that failed and were followed by another one, in this session. */
  readonly retries: number;
  /** What the calls of this session's committed results took. */
  readonly spent: Spent;
  /** What this session committed, and how fast. */
  readonly meter: RateMeter;
  readonly metric: RunningMetric | undefined;
  /** Items and calls that are under way; `undefined` where there is none. */
  readonly calls: EvaluationCalls | undefined;
  /** The endpoint of its model, once it was called. */
  readonly endpoint: EndpointCalls | undefined;
  /** How it ended; `undefined` while it runs. */
  readonly end: EvaluationEnd | undefined;
  /** Items per second over the whole session, once it has ended. */
  readonly overall: number | undefined;
}

/** What calls took, as far as that is known. */
export interface Spent {
  readonly tokens: number;
  /** US dollars. */
  readonly cost: number;
  /** Calls of which the cost is known. */
  readonly priced: number;
}

const NOTHING: Spent = { tokens: 0, cost: 0, priced: 0 };

interface Known extends EvaluationProgress {
  /** What results call its model. */
  readonly model: unknown;
}

/** Follows the events of a session; each takes constant time for each record in it. */
export class ProgressState {
  readonly #evaluations = new Map<string, Known>();
  #finished = 0;

  /** The evaluations in the order in which they started. */
  get evaluations(): readonly EvaluationProgress[] {
    return [...this.#evaluations.values()];
  }

  /** How many have ended. */
  get finished(): number {
    return this.#finished;
  }

  /** Where an evaluation stands. */
  get(label: string): EvaluationProgress | undefined {
    return this.#evaluations.get(label);
  }

  /** Takes in an event that happened at a time in milliseconds. */
  accept(event: RunEvent, time: number): void {
    switch (event.type) {
      case "evaluation-started":
        this.#evaluations.set(event.evaluation.label, started(event, time));
        break;
      case "items-committed":
        this.#update(event.evaluation, (before) => {
          before.meter.add(event.records.length, time);
          return {
            done: before.done + event.records.length,
            errors: event.errors,
            spent: plus(before.spent, event.records),
            metric: event.metrics[0] ?? before.metric,
          };
        });
        break;
      case "call-retried":
        this.#update(event.evaluation, ({ retries }) => ({ retries: retries + 1 }));
        break;
      case "calls-sampled":
        this.#sampled(event);
        break;
      case "evaluation-counted":
        this.#update(event.evaluation, () => ({ items: event.items }));
        break;
      case "evaluation-finished":
        this.#finished++;
        this.#update(event.evaluation, (before) => finished(before, event));
        break;
    }
  }

  #update(
    { label }: Pick<EvaluationRef, "label">,
    change: (before: Known) => Partial<EvaluationProgress>,
  ): void {
    const before = this.#evaluations.get(label);
    if (before) this.#evaluations.set(label, { ...before, ...change(before) });
  }

  #sampled({ evaluations, endpoints }: Extract<RunEvent, { type: "calls-sampled" }>): void {
    const own = new Map(evaluations.map((calls) => [calls.evaluation, calls]));
    for (const [label, { end, model }] of this.#evaluations) {
      if (end !== undefined) continue;
      const endpoint = endpoints.find(({ models }) => models.some((name) => name === model));
      this.#update({ label }, () => ({ calls: own.get(label), endpoint }));
    }
  }
}

function started(
  { evaluation, items, recorded, failed }: Extract<RunEvent, { type: "evaluation-started" }>,
  time: number,
): Known {
  return {
    label: plain(evaluation.label),
    model: evaluation.variant.model,
    items,
    done: recorded,
    errors: failed,
    retries: 0,
    spent: NOTHING,
    meter: new RateMeter(time),
    metric: undefined,
    calls: undefined,
    endpoint: undefined,
    end: undefined,
    overall: undefined,
  };
}

function finished(
  { meter, metric }: EvaluationProgress,
  event: Extract<RunEvent, { type: "evaluation-finished" }>,
): Partial<EvaluationProgress> {
  const { items, completed, errors } = event.own ?? event;
  return {
    items,
    done: completed,
    errors,
    metric:
      event.metrics.find((final) =>
        final.score === metric?.score && final.metric === metric.metric
      ) ?? event.metrics[0] ?? metric,
    calls: undefined,
    endpoint: undefined,
    end: event.end,
    overall: meter.count > 0 && event.durationMs > 0
      ? meter.count * 1000 / event.durationMs
      : undefined,
  };
}

function plus(before: Spent, records: readonly ItemRecordDraft[]): Spent {
  let { tokens, cost, priced } = before;
  for (const { calls } of records) {
    for (const call of calls) {
      tokens += (call.inputTokens ?? 0) + (call.outputTokens ?? 0);
      if (call.cost === undefined) continue;
      cost += call.cost;
      priced++;
    }
  }
  return { tokens, cost, priced };
}
