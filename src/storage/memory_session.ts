/**
 * A session on one experiment in memory.
 *
 * @module
 */
import type { MetricValue } from "../evaluation/metric.ts";
import { canonical } from "../values/canonical.ts";
import { type Occupant, sessionClosed } from "./lease_errors.ts";
import { doubledAmong, onePerItem } from "./one_per_item.ts";
import { type RecordedPage, toPage } from "./recorded_page.ts";
import {
  type HoldingSession,
  MemoryEvaluation,
  type MemoryExperiment,
} from "./memory_experiment.ts";
import type { CommitOutcome, SessionHolder, StorageSession } from "./storage.ts";
import type {
  EvaluationDefinition,
  EvaluationId,
  Fingerprint,
  StoredEvaluation,
} from "./stored_evaluation.ts";
import type { EvaluationMetrics, MetricDefinition, MetricsAsOf } from "./stored_metric.ts";
import type { ItemKey, ItemRecordDraft } from "./stored_record.ts";

/** What a {@linkcode MemorySession} is made of. */
export interface MemorySessionParts {
  readonly id: number;
  readonly holder: SessionHolder;
  /** Whether the experiment was made for it. */
  readonly isNew: boolean;
  /** The name of the shard that it runs. */
  readonly shard: string;
  nextId(): number;
  now(): number;
  /** Notes that the experiment changed. */
  touch(): void;
}

/** Writes to one experiment until it is closed. */
export class MemorySession implements StorageSession, HoldingSession {
  readonly id: number;
  readonly isNew: boolean;
  readonly commitSize = 1_000;
  readonly #experiment: MemoryExperiment;
  readonly #parts: MemorySessionParts;
  #heartbeat: number;

  /** Takes hold of the experiment. */
  constructor(experiment: MemoryExperiment, parts: MemorySessionParts) {
    this.id = parts.id;
    this.isNew = parts.isNew;
    this.#experiment = experiment;
    this.#parts = parts;
    this.#heartbeat = parts.now();
    experiment.sessions.set(parts.shard, this);
  }

  /** Who holds the experiment, for whoever finds it in use. */
  occupant(): Occupant {
    const { holder: { host, pid }, shard } = this.#parts;
    return { host, pid, shard, age: this.#parts.now() - this.#heartbeat };
  }

  async evaluation(
    definition: EvaluationDefinition,
    options: { readonly fresh?: boolean } = {},
  ): Promise<StoredEvaluation> {
    await this.#write();
    const newest = this.#experiment.find(definition.name, definition.variant);
    const made = newest === undefined || options.fresh === true
      ? this.#make(definition, newest)
      : newest;
    const { fingerprint } = made.isUsedBeside(this.#parts.shard) ? made.definition : definition;
    made.definition = { ...definition, fingerprint };
    made.begin(this.#parts.shard);
    return made.toStored();
  }

  find(name: string, variant: string): Promise<StoredEvaluation | undefined> {
    return Promise.resolve(this.#experiment.find(name, variant)?.toStored());
  }

  async keep(evaluation: EvaluationId, fingerprint: Fingerprint): Promise<void> {
    await this.#write();
    this.#get(evaluation).keep(fingerprint);
  }

  async *recorded(evaluation: EvaluationId): AsyncGenerator<RecordedPage> {
    const records = [...this.#get(evaluation).records()];
    if (records.length === 0) return;
    yield toPage(
      records.map(({ key, repeat, error, gone }) => {
        return { key, repeat, failed: error !== undefined, gone };
      }),
    );
  }

  async commit(
    records: readonly ItemRecordDraft[],
    metrics: readonly EvaluationMetrics[] = [],
  ): Promise<CommitOutcome> {
    await this.#write();
    for (const definitions of metrics) this.#define(definitions);
    const kept = onePerItem(records).map((record) =>
      [this.#get(record.evaluation), record] as const
    );
    const stored = kept.filter(([evaluation, record]) => evaluation.store(record));
    for (const evaluation of new Set(stored.map(([evaluation]) => evaluation))) {
      evaluation.revision++;
    }
    const doubled = kept.length - stored.length + doubledAmong(records);
    return { recorded: stored.length, doubled };
  }

  async storeMetrics(
    evaluation: EvaluationId,
    values: readonly (MetricDefinition & MetricValue)[],
    asOf?: MetricsAsOf,
  ): Promise<void> {
    await this.#write();
    const { metrics, revision: newest } = this.#get(evaluation);
    const { completed } = this.#get(evaluation).toStored();
    const { results, revision } = asOf ?? { results: completed, revision: newest };
    for (const { score, metric, parameters, value, details } of values) {
      const identity = canonical([score, metric, parameters]);
      if ((metrics.get(identity)?.computed?.revision ?? 0) > revision) continue;
      const computed = details === undefined
        ? { value, results, revision }
        : { value, details, results, revision };
      metrics.set(identity, { score, metric, parameters, computed });
    }
  }

  async mark(
    evaluation: EvaluationId,
    items: readonly { readonly key: ItemKey; readonly repeat: number }[],
    gone: boolean,
  ): Promise<void> {
    await this.#write();
    if (items.length === 0) return;
    const marked = this.#get(evaluation);
    for (const item of items) marked.mark(item, gone);
    marked.revision++;
  }

  async finish(
    evaluation: EvaluationId,
    status: "incomplete" | "complete",
    items: number,
  ): Promise<StoredEvaluation> {
    await this.#write();
    const finished = this.#get(evaluation);
    finished.finish(this.#parts.shard, { status, items });
    return finished.toStored();
  }

  async dropOlder(evaluation: EvaluationId): Promise<void> {
    await this.#write();
    const { identity, generation } = this.#get(evaluation);
    this.#experiment.evaluations = this.#experiment.evaluations.filter((other) =>
      other.identity !== identity || other.generation >= generation
    );
  }

  async setGit(): Promise<void> {
    await this.#write();
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    const { shard } = this.#parts;
    if (this.#isHolding) {
      this.#experiment.sessions.delete(shard);
      for (const evaluation of this.#experiment.evaluations) evaluation.leave(shard);
    }
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #isHolding(): boolean {
    return this.#experiment.sessions.get(this.#parts.shard) === this;
  }

  /** Refuses to write after the session's end. */
  #write(): Promise<void> {
    if (!this.#isHolding) return Promise.reject(sessionClosed());
    this.#heartbeat = this.#parts.now();
    this.#parts.touch();
    return Promise.resolve();
  }

  #define({ evaluation, metrics }: EvaluationMetrics): void {
    const { metrics: known } = this.#get(evaluation);
    for (const { score, metric, parameters } of metrics) {
      const identity = canonical([score, metric, parameters]);
      if (!known.has(identity)) {
        known.set(identity, { score, metric, parameters, computed: undefined });
      }
    }
  }

  #make(definition: EvaluationDefinition, older: MemoryEvaluation | undefined): MemoryEvaluation {
    const made = new MemoryEvaluation(definition, {
      id: this.#parts.nextId(),
      generation: (older?.generation ?? 0) + 1,
      ordinal: older?.ordinal ?? this.#parts.nextId(),
    });
    this.#experiment.evaluations.push(made);
    return made;
  }

  #get(id: EvaluationId): MemoryEvaluation {
    const found = this.#experiment.evaluations.find((evaluation) => evaluation.id === id);
    if (found === undefined) throw new TypeError(`The experiment has no evaluation ${id}.`);
    return found;
  }
}
