/**
 * Where each evaluation of a session stands, kept up to date by its events.
 *
 * @module
 */
import type { EvaluationEnd, RunEvent, RunningMetric } from "../run/events.ts";
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
  /** What this session committed, and how fast. */
  readonly meter: RateMeter;
  readonly metric: RunningMetric | undefined;
  /** How it ended; `undefined` while it runs. */
  readonly end: EvaluationEnd | undefined;
  /** Items per second over the whole session, once it has ended. */
  readonly overall: number | undefined;
}

/** Follows the events of a session; each takes constant time. */
export class ProgressState {
  readonly #evaluations = new Map<string, EvaluationProgress>();
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
        this.#evaluations.set(event.evaluation.label, {
          label: plain(event.evaluation.label),
          items: event.items,
          done: event.recorded,
          errors: event.failed,
          meter: new RateMeter(time),
          metric: undefined,
          end: undefined,
          overall: undefined,
        });
        break;
      case "items-committed":
        this.#update(event.evaluation.label, (before) => {
          before.meter.add(event.records.length, time);
          return {
            done: before.done + event.records.length,
            errors: event.errors,
            metric: event.metrics[0] ?? before.metric,
          };
        });
        break;
      case "evaluation-counted":
        this.#update(event.evaluation.label, () => ({ items: event.items }));
        break;
      case "evaluation-finished":
        this.#finished++;
        this.#update(event.evaluation.label, ({ meter, metric }) => ({
          items: (event.own ?? event).items,
          done: (event.own ?? event).completed,
          errors: (event.own ?? event).errors,
          metric: event.metrics.find((final) =>
            final.score === metric?.score && final.metric === metric.metric
          ) ?? event.metrics[0] ?? metric,
          end: event.end,
          overall: meter.count > 0 && event.durationMs > 0
            ? meter.count * 1000 / event.durationMs
            : undefined,
        }));
        break;
    }
  }

  #update(
    label: string,
    change: (before: EvaluationProgress) => Partial<EvaluationProgress>,
  ): void {
    const before = this.#evaluations.get(label);
    if (before) this.#evaluations.set(label, { ...before, ...change(before) });
  }
}
