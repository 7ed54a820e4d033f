/**
 * A remote storage whose sessions keep results on this machine until the database has them.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { ScoreAggregate } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import type { Reach } from "./reach.ts";
import { Spool } from "./spool.ts";
import { takeTurn } from "./spool_turn.ts";
import { SpooledSession } from "./spooled_session.ts";
import { noticeOfAway, noticeOfBack, noticeOfTurn, resultsWaiting } from "./spool_words.ts";
import type { PairedPart, PairedScoresOptions } from "./paired_scores.ts";
import type { CallTotals } from "./recorded_call.ts";
import type { ScoreDistribution } from "./score_distribution.ts";
import type { ExperimentSummary } from "./experiment_summary.ts";
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
import { waitingResults } from "./waiting_results.ts";

/** What a {@linkcode SpooledStorage} takes beside its database. */
export interface SpooledStorageOptions {
  /** The folder of the spool. */
  readonly spool: string;
  /** Bytes that may wait in the spool before lanes do. */
  readonly spoolBytes: number;
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** For how many milliseconds a database is waited for that does not answer. */
  readonly patienceMs: number;
  /** Whether the database answers. */
  readonly reach: Reach;
}

/** Reads from the database, and writes to it by way of a spool. */
export class SpooledStorage implements Storage {
  readonly #remote: Storage;
  readonly #options: SpooledStorageOptions;
  readonly #sessions = new Set<StorageSession>();

  /** Takes over the storage: disposing this one disposes it. */
  constructor(remote: Storage, options: SpooledStorageOptions) {
    this.#remote = remote;
    this.#options = options;
  }

  get location(): string {
    return this.#remote.location;
  }

  experiments(): Promise<readonly ExperimentSummary[]> {
    return this.#remote.experiments();
  }

  experiment(name: string): Promise<ExperimentSummary | undefined> {
    return this.#remote.experiment(name);
  }

  evaluations(experiment: string): Promise<readonly StoredEvaluation[]> {
    return this.#remote.evaluations(experiment);
  }

  records(evaluation: EvaluationId, options?: RecordsOptions): AsyncIterable<StoredRecord> {
    return this.#remote.records(evaluation, options);
  }

  aggregates(evaluation: EvaluationId): Promise<ReadonlyMap<string, ScoreAggregate>> {
    return this.#remote.aggregates(evaluation);
  }

  distributions(evaluation: EvaluationId): Promise<ReadonlyMap<string, ScoreDistribution>> {
    return this.#remote.distributions(evaluation);
  }

  scoreValues(evaluation: EvaluationId, score: string): AsyncIterable<ScoreValue> {
    return this.#remote.scoreValues(evaluation, score);
  }

  scoredItems(
    evaluation: EvaluationId,
    score: string,
    options?: ScoredItemsOptions,
  ): AsyncIterable<ScoredOutcome> {
    return this.#remote.scoredItems(evaluation, score, options);
  }

  pairedScores(
    first: EvaluationId,
    second: EvaluationId,
    options?: PairedScoresOptions,
  ): AsyncIterable<PairedPart> {
    return this.#remote.pairedScores(first, second, options);
  }

  callTotals(evaluation: EvaluationId): Promise<readonly CallTotals[]> {
    return this.#remote.callTotals(evaluation);
  }

  metrics(evaluation: EvaluationId): Promise<readonly StoredMetric[]> {
    return this.#remote.metrics(evaluation);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#refuseWaiting(from);
    await this.#remote.rename(from, to);
  }

  delete(name: string): Promise<void> {
    return this.#remote.delete(name);
  }

  async begin(
    experiment: string,
    holder: SessionHolder,
    options: BeginOptions = {},
  ): Promise<StorageSession> {
    const { onNotice = () => {}, shard } = options;
    const { reach, clock } = this.#options;
    const { location } = this.#remote;
    await using opened = new AsyncDisposableStack();
    const remote = opened.use(await this.#remote.begin(experiment, holder, { shard }));
    const { spool: folder } = this.#options;
    await using _turn = await takeTurn(folder, {
      experiment,
      location,
      clock,
      onWaiting: () => onNotice(noticeOfTurn(folder)),
    });
    const spool = opened.use(await Spool.open(folder, { experiment, location }));
    const deafen = reach.listen({
      away: (error) => onNotice(noticeOfAway(error, spool)),
      back: () => onNotice(noticeOfBack(location, spool)),
    });
    opened.defer(deafen);
    const session = new SpooledSession({
      ...this.#options,
      remote,
      spool,
      location,
      onNotice,
      release: () => {
        deafen();
        this.#sessions.delete(session);
      },
    });
    opened.use(session);
    await session.deliverEarlier();
    opened.move();
    this.#sessions.add(session);
    return session;
  }

  /** Results are delivered by the name of their experiment. */
  async #refuseWaiting(experiment: string): Promise<void> {
    const found = await waitingResults(this.#options.spool, this.location);
    const waiting = found.filter((file) => file.experiment === experiment && !file.setAside);
    if (waiting.length === 0) return;
    throw resultsWaiting(waiting);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.close()));
    await this.#remote[Symbol.asyncDispose]();
  }
}
