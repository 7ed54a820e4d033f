/**
 * Experiments in memory: for scripts that keep nothing, and for tests.
 *
 * @module
 */
import { type Clock, systemClock } from "../clock.ts";
import type { ScoreAggregate } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import { RunningSums } from "../metrics/running_sums.ts";
import { decode } from "../values/tagged.ts";
import { distributionOf } from "./distribution_of.ts";
import {
  experimentExists,
  type ExperimentSummary,
  noExperiment,
  summarise,
} from "./experiment_summary.ts";
import { experimentLocked, shardRefused } from "./lease_errors.ts";
import { type MemoryEvaluation, MemoryExperiment } from "./memory_experiment.ts";
import { pairScores } from "./memory_paired_scores.ts";
import { MemorySession } from "./memory_session.ts";
import type { PairedPart, PairedScoresOptions } from "./paired_scores.ts";
import { addUp, type CallTotals } from "./recorded_call.ts";
import type { ScoreDistribution } from "./score_distribution.ts";
import { areInEachOthersWay, shardName, WHOLE } from "./shard.ts";
import type {
  BeginOptions,
  RecordsOptions,
  ScoredItemsOptions,
  ScoredOutcome,
  SessionHolder,
  Storage,
  StorageSession,
} from "./storage.ts";
import type { EvaluationId, StoredEvaluation } from "./stored_evaluation.ts";
import type { StoredMetric } from "./stored_metric.ts";
import type { StoredRecord } from "./stored_record.ts";

/** Options of {@linkcode memoryStorage}. */
export interface MemoryStorageOptions {
  /**
   * Time, for what happened when.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** Makes a storage that lasts as long as the process. */
export function memoryStorage(options: MemoryStorageOptions = {}): Storage {
  return new MemoryStorage(options.clock ?? systemClock);
}

class MemoryStorage implements Storage {
  readonly location = "memory:";
  readonly #clock: Clock;
  readonly #experiments = new Map<string, MemoryExperiment>();
  #ids = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  experiments(): Promise<readonly ExperimentSummary[]> {
    const newestFirst = [...this.#experiments.values()].sort((a, b) => b.changed - a.changed);
    return Promise.resolve(newestFirst.map(summaryOf));
  }

  experiment(name: string): Promise<ExperimentSummary | undefined> {
    const experiment = this.#experiments.get(name);
    return Promise.resolve(experiment && summaryOf(experiment));
  }

  async evaluations(name: string): Promise<readonly StoredEvaluation[]> {
    return await Promise.resolve(this.#existing(name).newest().map((each) => each.toStored()));
  }

  async *records(
    evaluation: EvaluationId,
    options: RecordsOptions = {},
  ): AsyncGenerator<StoredRecord> {
    const { errorsOnly = false, keyPrefix = "" } = options;
    for (const record of this.#find(evaluation)?.inOrder() ?? []) {
      if (!record.key.startsWith(keyPrefix)) continue;
      if (!errorsOnly || record.error !== undefined) yield record;
    }
  }

  aggregates(evaluation: EvaluationId): Promise<ReadonlyMap<string, ScoreAggregate>> {
    const found = this.#find(evaluation);
    const errors = found?.toStored().errors ?? 0;
    const sums = new Map<string, RunningSums>();
    for (const { name, value, item: { repeat } } of found?.scores() ?? []) {
      const own = sums.get(name) ?? new RunningSums();
      own.add(value, repeat);
      sums.set(name, own);
    }
    return Promise.resolve(
      new Map(Array.from(sums, ([name, own]) => [name, own.aggregate(errors)])),
    );
  }

  distributions(evaluation: EvaluationId): Promise<ReadonlyMap<string, ScoreDistribution>> {
    const found = this.#find(evaluation);
    const errors = found?.toStored().errors ?? 0;
    const byName = Map.groupBy(found?.scores() ?? [], ({ name }) => name);
    return Promise.resolve(
      new Map(Array.from(byName, ([name, scores]) => [name, distributionOf(scores, errors)])),
    );
  }

  async *scoreValues(evaluation: EvaluationId, score: string): AsyncGenerator<ScoreValue> {
    for (const { name, value } of this.#find(evaluation)?.scores() ?? []) {
      if (name === score) yield value;
    }
  }

  async *scoredItems(
    evaluation: EvaluationId,
    score: string,
    { rows = false }: ScoredItemsOptions = {},
  ): AsyncGenerator<ScoredOutcome> {
    for (
      const { gone, key, repeat, row, error, scores } of this.#find(evaluation)?.records() ?? []
    ) {
      const value = error ? undefined : scores.find(({ name }) => name === score)?.value;
      if (gone || (value === undefined && !error)) continue;
      yield { item: { key, repeat, ...rows && { row: decode(row) } }, value };
    }
  }

  async *pairedScores(
    first: EvaluationId,
    second: EvaluationId,
    { keys = 0 }: PairedScoresOptions = {},
  ): AsyncGenerator<PairedPart> {
    yield pairScores(this.#find(first), this.#find(second), keys);
  }

  callTotals(evaluation: EvaluationId): Promise<readonly CallTotals[]> {
    return Promise.resolve(addUp(this.#find(evaluation)?.calls() ?? []));
  }

  metrics(evaluation: EvaluationId): Promise<readonly StoredMetric[]> {
    return Promise.resolve([...this.#find(evaluation)?.metrics.values() ?? []]);
  }

  async rename(from: string, to: string): Promise<void> {
    const experiment = await Promise.resolve(this.#existing(from));
    if (this.#experiments.has(to)) throw experimentExists(to);
    this.#refuseInUse(experiment);
    this.#experiments.delete(from);
    this.#experiments.set(to, experiment);
    experiment.name = to;
    this.#touch(experiment);
  }

  async delete(name: string): Promise<void> {
    const experiment = await Promise.resolve(this.#existing(name));
    this.#refuseInUse(experiment);
    this.#experiments.delete(name);
  }

  async begin(
    name: string,
    holder: SessionHolder,
    { shard = WHOLE }: BeginOptions = {},
  ): Promise<StorageSession> {
    return await Promise.resolve(this.#begin(name, holder, shardName(shard)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const sessions = [...this.#experiments.values()]
      .flatMap((experiment) => [...experiment.sessions.values()]);
    await Promise.all(sessions.map((session) => session.close()));
  }

  /** At once, so that of several sessions only the first finds the experiment free. */
  #begin(name: string, holder: SessionHolder, shard: string): StorageSession {
    const existing = this.#experiments.get(name);
    const inTheWay = [...existing?.sessions ?? []].filter(([other]) =>
      areInEachOthersWay(other, shard)
    );
    for (const [, session] of inTheWay) throw shardRefused(name, session.occupant(), shard);
    const experiment = existing ?? new MemoryExperiment(name, this.#clock.now());
    if (existing === undefined) {
      this.#experiments.set(name, experiment);
      this.#touch(experiment);
    }
    return new MemorySession(experiment, {
      id: this.#nextId(),
      holder,
      isNew: existing === undefined,
      shard,
      nextId: () => this.#nextId(),
      now: () => this.#clock.now(),
      touch: () => this.#touch(experiment),
    });
  }

  #existing(name: string): MemoryExperiment {
    const experiment = this.#experiments.get(name);
    if (experiment === undefined) throw noExperiment(name, [...this.#experiments.keys()]);
    return experiment;
  }

  #refuseInUse({ name, sessions }: MemoryExperiment): void {
    for (const session of sessions.values()) throw experimentLocked(name, session.occupant());
  }

  #find(id: EvaluationId): MemoryEvaluation | undefined {
    for (const experiment of this.#experiments.values()) {
      const found = experiment.evaluations.find((evaluation) => evaluation.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #touch(experiment: MemoryExperiment): void {
    experiment.updatedAt = this.#clock.now();
    experiment.changed = this.#nextId();
  }

  #nextId(): number {
    return ++this.#ids;
  }
}

function summaryOf(experiment: MemoryExperiment): ExperimentSummary {
  return summarise(experiment.newest().map((evaluation) => evaluation.toStored()), {
    name: experiment.name,
    held: experiment.sessions.size > 0,
    createdAt: experiment.createdAt,
    updatedAt: experiment.updatedAt,
  });
}
