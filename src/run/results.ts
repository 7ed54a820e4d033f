/**
 * What `run()` returns: summaries, and records read from storage as they are asked for.
 *
 * @module
 */
import type { ScoreValue } from "../evaluation/score_value.ts";
import type { CallTotals, RecordedCall } from "../storage/recorded_call.ts";
import type { Storage } from "../storage/storage.ts";
import type { StoredRecord } from "../storage/stored_record.ts";
import { decode } from "../values/tagged.ts";
import type { EvaluationEnd, EvaluationRef } from "./events.ts";
import type { EvaluationOutcome } from "./finish.ts";

/** Metrics by score and name; `null` where there was nothing to compute one from. */
export type MetricTable = Readonly<Record<string, Readonly<Record<string, number | null>>>>;

/** How many items there are, how many failed, and the metrics. */
export interface Summary {
  /** Items with a recorded result, errors included. */
  readonly total: number;
  /** Items among these that ended with an error. */
  readonly errors: number;
  /** Metrics by score and name. */
  readonly metrics: MetricTable;
}

/** The summary of one evaluation under one variant. */
export interface EvaluationSummary extends Summary {
  /** The evaluation's name. */
  readonly name: string;
  /** What it was bound to; empty without variants. */
  readonly variant: Readonly<Record<string, unknown>>;
  /** Whether it came to its end. */
  readonly end: EvaluationEnd;
  /** Recorded items whose row has left the dataset; in no other count. */
  readonly gone: number;
  /** What its calls came to, by model, those of earlier sessions included. */
  readonly calls: readonly CallTotals[];
  /** What it failed with, where it did. */
  readonly failure: unknown;
}

/** What one call of a model took, as it was recorded. */
export interface ItemCall extends Omit<RecordedCall, "request" | "response"> {
  /** What the model was asked. */
  readonly request: unknown;
  /** What it answered; `undefined` where it failed, and of `embed`. */
  readonly response: unknown;
}

/** What one item produced, as it was recorded. */
export interface ItemRecord {
  /** The evaluation's name. */
  readonly evaluation: string;
  /** What the evaluation was bound to. */
  readonly variant: Readonly<Record<string, unknown>>;
  /** The identity of the item's row: 32 hexadecimal digits. */
  readonly key: string;
  /** The row's place in the dataset, from 0. */
  readonly position: number;
  /** Which repeat this is, from 0. */
  readonly repeat: number;
  /** The row. */
  readonly row: unknown;
  /** What the model was asked. */
  readonly prompt: unknown;
  /** What the model answered. */
  readonly response: unknown;
  /** The values of the scores, by name. */
  readonly scores: Readonly<Record<string, ScoreValue>>;
  /** What went wrong; `undefined` where nothing did. */
  readonly error: { readonly name: string; readonly message: string } | undefined;
  /** What else was kept. */
  readonly metadata: unknown;
  /** The most attempts that one of its model calls took. */
  readonly attempts: number;
  /** When it started. */
  readonly startedAt: Date;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** Its calls of models, in the order in which they began; those of a batch are its first item's. */
  readonly calls: readonly ItemCall[];
}

/** Opens the storage that results are in; closed when its reader is done. */
export type ReopenStorage = () => Promise<{ storage: Storage; close: () => PromiseLike<void> }>;

/** The results of a run; reads records from storage as they are asked for. */
export class Results implements AsyncDisposable {
  /** The experiment that the results are recorded in. */
  readonly experiment: string;
  /** One summary per evaluation and variant, in the order in which they were given. */
  readonly evaluations: readonly EvaluationSummary[];
  /** Whether the run was stopped before its end. */
  readonly interrupted: boolean;

  readonly #outcomes: readonly EvaluationOutcome[];
  readonly #reopen: ReopenStorage;
  readonly #open = new Set<() => PromiseLike<void>>();

  /** Made by `run()`. */
  constructor(experiment: string, outcomes: readonly EvaluationOutcome[], reopen: ReopenStorage) {
    this.experiment = experiment;
    this.#outcomes = outcomes;
    this.#reopen = reopen;
    this.interrupted = outcomes.some(({ end }) => end === "interrupted");
    this.evaluations = outcomes.map((outcome) => ({
      name: outcome.evaluation.name,
      variant: outcome.evaluation.variant,
      end: outcome.end,
      total: outcome.completed,
      errors: outcome.errors,
      gone: outcome.gone,
      metrics: tableOf(outcome),
      calls: outcome.calls,
      failure: outcome.failure,
    }));
  }

  /**
   * Counts and metrics of the run.
   *
   * With several evaluations or variants, counts are of all, and `metrics` holds what only one
   * of them has; the others are in `evaluations`.
   */
  summary(): Summary {
    const all = this.evaluations.flatMap(({ metrics }) => Object.entries(metrics));
    const byScore = Map.groupBy(all, ([score]) => score);
    return {
      total: this.evaluations.reduce((sum, { total }) => sum + total, 0),
      errors: this.evaluations.reduce((sum, { errors }) => sum + errors, 0),
      metrics: Object.fromEntries(
        [...byScore.values()].filter(({ length }) => length === 1).flat(),
      ),
    };
  }

  /** The recorded items by evaluation, position and repeat; never all of them in memory. */
  async *records(options: { readonly errorsOnly?: boolean } = {}): AsyncGenerator<ItemRecord> {
    const { storage, close } = await this.#reopen();
    this.#open.add(close);
    try {
      for (const { id, evaluation } of this.#outcomes) {
        for await (const record of storage.records(id, options)) {
          if (!record.gone) yield itemRecord(evaluation, record);
        }
      }
    } finally {
      this.#open.delete(close);
      await close();
    }
  }

  /** Closes what a reader of records left open. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#open) await close();
    this.#open.clear();
  }
}

function tableOf({ metrics }: EvaluationOutcome): MetricTable {
  const scores = Map.groupBy(metrics, ({ score }) => score);
  return Object.fromEntries(
    [...scores].map(([score, own]) => [
      score,
      Object.fromEntries(own.map(({ metric, value }) => [metric, value])),
    ]),
  );
}

function itemRecord({ name, variant }: EvaluationRef, stored: StoredRecord): ItemRecord {
  const { key, position, repeat, error, attempts, durationMs } = stored;
  return {
    evaluation: name,
    variant,
    key,
    position,
    repeat,
    row: decode(stored.row),
    prompt: decoded(stored.prompt),
    response: decoded(stored.response),
    scores: Object.fromEntries(stored.scores.map(({ name, value }) => [name, value])),
    error: error && { name: error.name, message: error.message },
    metadata: decoded(stored.metadata),
    attempts,
    startedAt: new Date(stored.startedAt),
    durationMs,
    calls: stored.calls.map((call) => itemCall(call, stored)),
  };
}

/** A call with the texts that its item has. */
function itemCall({ request, response, ...call }: RecordedCall, item: StoredRecord): ItemCall {
  const hasAnswer = call.error === undefined && call.kind !== "embed";
  return {
    ...call,
    request: decoded(request ?? item.prompt),
    response: hasAnswer ? decoded(response ?? item.response) : undefined,
  };
}

function decoded(text: string | undefined): unknown {
  return text === undefined ? undefined : decode(text);
}
