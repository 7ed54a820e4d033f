/**
 * Experiments in a libSQL database, local or remote.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { DotevalsError } from "../errors.ts";
import type { ScoreAggregate } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import type { Database } from "./database.ts";
import { hasEnded } from "./ended_sessions.ts";
import { experimentExists, type ExperimentSummary } from "./experiment_summary.ts";
import { type Lease, LEASE_MS, leasesOf, refuseInUse, takeLease, toLease } from "./lease.ts";
import { copyUnfinished, experimentLocked, shardRefused } from "./lease_errors.ts";
import { readAggregates } from "./libsql_aggregates.ts";
import { readCallTotals } from "./libsql_calls.ts";
import { deleteExperiment } from "./libsql_delete.ts";
import {
  noExperiment,
  readEvaluations,
  readExperiment,
  readExperiments,
} from "./libsql_evaluations.ts";
import { readDistributions } from "./libsql_distributions.ts";
import { readPairedScores } from "./libsql_paired_scores.ts";
import { readMetrics } from "./libsql_metrics.ts";
import { readRecords } from "./libsql_records.ts";
import { readScoredItems } from "./libsql_scored_items.ts";
import { readScoreValues } from "./libsql_scores.ts";
import { LibsqlSession } from "./libsql_session.ts";
import type { HeldLock } from "./lock_file.ts";
import type { PairedPart, PairedScoresOptions } from "./paired_scores.ts";
import { identifyProcess } from "./process_identity.ts";
import type { CallTotals } from "./recorded_call.ts";
import type { ScoreDistribution } from "./score_distribution.ts";
import { NOW } from "./schema.ts";
import { shardName, WHOLE } from "./shard.ts";
import { numberAt, type Statement } from "./sql.ts";
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
import { toStoredText } from "./stored_text.ts";

/** What a {@linkcode LibsqlStorage} takes beside its database. */
export interface LibsqlStorageOptions {
  readonly clock: Clock;
  /** Results that go into one transaction. */
  readonly commitSize: number;
  /**
   * How long a session's hold on its experiment is good without a sign of life, in milliseconds.
   *
   * @default {30_000}
   */
  readonly leaseMs?: number | undefined;
  /** The operating system's locks by experiment; without it leases alone decide. */
  readonly locks?: ExperimentLocks | undefined;
}

/** Locks of experiments on this machine, one for each shard. */
export interface ExperimentLocks {
  /** Takes the lock of the shard of that name; `undefined` when another holds it. */
  tryLock(
    experiment: string,
    options: { readonly shard: string; readonly holder?: SessionHolder | undefined },
  ): Promise<HeldLock | undefined>;
}

/** The shard that a change of the whole experiment takes the lock of. */
const ALL = shardName(WHOLE);

/** Keeps experiments in a database whose tables are there. */
export class LibsqlStorage implements Storage {
  /** The database, past all that the storage promises. */
  readonly database: Database;
  readonly #options: LibsqlStorageOptions;
  readonly #sessions = new Set<StorageSession>();

  /** Takes over the database: disposing the storage closes it. */
  constructor(database: Database, options: LibsqlStorageOptions) {
    this.database = database;
    this.#options = options;
  }

  get location(): string {
    return this.database.location;
  }

  async experiments(): Promise<readonly ExperimentSummary[]> {
    return await readExperiments(this.database);
  }

  async experiment(name: string): Promise<ExperimentSummary | undefined> {
    return await readExperiment(this.database, name);
  }

  async evaluations(experiment: string): Promise<readonly StoredEvaluation[]> {
    return await readEvaluations(this.database, experiment);
  }

  records(evaluation: EvaluationId, options?: RecordsOptions): AsyncIterable<StoredRecord> {
    return readRecords(this.database, evaluation, options);
  }

  async aggregates(evaluation: EvaluationId): Promise<ReadonlyMap<string, ScoreAggregate>> {
    return await readAggregates(this.database, evaluation);
  }

  async distributions(
    evaluation: EvaluationId,
  ): Promise<ReadonlyMap<string, ScoreDistribution>> {
    return await readDistributions(this.database, evaluation);
  }

  scoreValues(evaluation: EvaluationId, score: string): AsyncIterable<ScoreValue> {
    return readScoreValues(this.database, evaluation, score);
  }

  scoredItems(
    evaluation: EvaluationId,
    score: string,
    options?: ScoredItemsOptions,
  ): AsyncIterable<ScoredOutcome> {
    return readScoredItems(this.database, { evaluation, score, ...options });
  }

  pairedScores(
    first: EvaluationId,
    second: EvaluationId,
    { keys = 0 }: PairedScoresOptions = {},
  ): AsyncIterable<PairedPart> {
    return readPairedScores(this.database, { first, second, keys });
  }

  async callTotals(evaluation: EvaluationId): Promise<readonly CallTotals[]> {
    return await readCallTotals(this.database, evaluation);
  }

  async metrics(evaluation: EvaluationId): Promise<readonly StoredMetric[]> {
    return await readMetrics(this.database, evaluation);
  }

  async rename(from: string, to: string): Promise<void> {
    const id = await this.#idOf(from);
    if (await this.experiment(to) !== undefined) throw experimentExists(to);
    await using _from = await this.#lock(from, ALL);
    await using _to = await this.#lock(to, ALL);
    await this.#change(id, from, {
      sql: `UPDATE experiments SET name = ?2, updated_at = ${NOW} WHERE id = ?1`,
      args: [id, toStoredText(to)],
    });
  }

  async delete(name: string): Promise<void> {
    const id = await this.#idOf(name);
    await using _lock = await this.#lock(name, ALL);
    await this.#change(id, name, ...deleteExperiment(id));
  }

  /**
   * Begins a session. To `copy` goes on with a copy that is not whole, and marks the experiment as one.
   *
   * @throws {DotevalsError} `copy-unfinished` for any other session on such an experiment
   */
  async begin(
    experiment: string,
    holder: SessionHolder,
    options: BeginOptions & { readonly to?: "run" | "copy" } = {},
  ): Promise<LibsqlSession> {
    const session = await this.#beginAny(experiment, holder, shardName(options.shard ?? WHOLE));
    if (!session.isPartial || options.to === "copy") return session;
    await session.forget();
    await session.close();
    throw copyUnfinished(experiment);
  }

  async #beginAny(
    experiment: string,
    holder: SessionHolder,
    shard: string,
  ): Promise<LibsqlSession> {
    const lock = await this.#lock(experiment, shard, holder);
    try {
      return await this.#begin(experiment, holder, { shard, lock });
    } catch (error) {
      await lock?.[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.close()));
    await this.database.close();
  }

  async #begin(
    experiment: string,
    holder: SessionHolder,
    { shard, lock }: { readonly shard: string; readonly lock: HeldLock | undefined },
  ): Promise<LibsqlSession> {
    const token = crypto.randomUUID();
    const process = await identifyProcess(holder.pid);
    const { leaseMs = LEASE_MS } = this.#options;
    const taken = await takeLease(this.database, {
      experiment,
      shard,
      token,
      holder,
      process,
      hasEnded: (lease) => this.#hasEnded(experiment, lease, shard),
      outlasting: lock !== undefined,
      leaseMs,
    });
    if (!("session" in taken)) throw shardRefused(experiment, taken.inTheWay[0], shard);
    const session = new LibsqlSession(this.database, {
      id: taken.session,
      experiment,
      experimentId: taken.experimentId,
      isNew: taken.isNew,
      isPartial: taken.isPartial,
      shard,
      token,
      leaseMs,
      commitSize: this.#options.commitSize,
      clock: this.#options.clock,
      release: async () => {
        this.#sessions.delete(session);
        await lock?.[Symbol.asyncDispose]();
      },
    });
    this.#sessions.add(session);
    return session;
  }

  /** The operating system's lock of an experiment's shard, where there are such locks. */
  async #lock(
    experiment: string,
    shard: string,
    holder?: SessionHolder,
  ): Promise<HeldLock | undefined> {
    if (this.#options.locks === undefined) return undefined;
    const lock = await this.#options.locks.tryLock(experiment, { shard, holder });
    if (lock !== undefined) return lock;
    const leases = await this.#leases(experiment);
    throw experimentLocked(experiment, leases.find((lease) => lease.shard === shard));
  }

  /** Whether the holder of a lease is gone for good; the lock of the shard `own` is held here. */
  async #hasEnded(experiment: string, lease: Lease, own: string): Promise<boolean> {
    const { locks } = this.#options;
    if (locks !== undefined && lease.shard === own || await hasEnded(lease)) return true;
    await using free = await locks?.tryLock(experiment, { shard: lease.shard });
    return free !== undefined;
  }

  /** Changes an experiment as a whole, in a transaction that fails while a session holds it. */
  async #change(id: number, name: string, ...statements: readonly Statement[]): Promise<void> {
    const leases = await this.#leases(name);
    const ended = await Promise.all(leases.map((lease) => this.#hasEnded(name, lease, ALL)));
    const alive = leases.find((_, index) => !ended[index]);
    // The lock of one that sleeps outlasts its lease.
    if (alive !== undefined && this.#options.locks !== undefined) {
      throw experimentLocked(name, alive);
    }
    try {
      await this.database.write(
        ...refuseInUse(id, leases.filter((_, index) => ended[index])),
        ...statements,
      );
    } catch (error) {
      const inUse = error instanceof DotevalsError && error.code === "experiment-locked";
      throw inUse ? experimentLocked(name, (await this.#leases(name))[0]) : error;
    }
  }

  async #leases(experiment: string): Promise<readonly Lease[]> {
    return (await this.database.rows(leasesOf(experiment))).map(toLease);
  }

  async #idOf(experiment: string): Promise<number> {
    const [row] = await this.database.rows({
      sql: "SELECT id FROM experiments WHERE name = ?1",
      args: [toStoredText(experiment)],
    });
    if (row === undefined) throw await noExperiment(this.database, experiment);
    return numberAt(row, 0);
  }
}
