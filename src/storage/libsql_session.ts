/**
 * A session on one experiment of a libSQL database.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { MetricValue } from "../evaluation/metric.ts";
import { type Database, TOO_LARGE } from "./database.ts";
import { DotevalsError } from "../errors.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { checkLease, leasesOf, toLease } from "./lease.ts";
import { leaseLost, sessionClosed } from "./lease_errors.ts";
import { commitStatements } from "./libsql_commit.ts";
import { evaluationById, evaluationOf, toEvaluation } from "./libsql_evaluations.ts";
import {
  defineStatements,
  dropOlderStatements,
  finishStatements,
  keepStatement,
  markStatements,
  startStatements,
  storeStatements,
} from "./libsql_changes.ts";
import { keepDistributions } from "./libsql_distributions.ts";
import { readKeys } from "./libsql_keys.ts";
import { doubledAmong, onePerItem } from "./one_per_item.ts";
import { IDS_PER_SESSION, NOW } from "./schema.ts";
import { noteEnded } from "./ended_sessions.ts";
import { leftOut } from "./left_out.ts";
import { areInEachOthersWay, shardCount } from "./shard.ts";
import type { SqlResult, SqlRow, Statement } from "./sql.ts";
import type { RecordedPage } from "./recorded_page.ts";
import type { CommitOutcome, StorageSession } from "./storage.ts";
import type {
  EvaluationDefinition,
  EvaluationId,
  Fingerprint,
  StoredEvaluation,
} from "./stored_evaluation.ts";
import type { EvaluationMetrics, MetricDefinition, MetricsAsOf } from "./stored_metric.ts";
import type { ItemKey, ItemRecordDraft } from "./stored_record.ts";
import { toStoredText } from "./stored_text.ts";

/** How long giving the lease back may take, in milliseconds. */
const CLOSING_MS = 1_500;

/** What a {@linkcode LibsqlSession} is made of. */
export interface LibsqlSessionParts {
  readonly id: number;
  readonly experiment: string;
  readonly experimentId: number;
  readonly isNew: boolean;
  readonly isPartial: boolean;
  /** The name of the shard that it runs. */
  readonly shard: string;
  readonly token: string;
  /** How long its lease is good without a sign of life, in milliseconds. */
  readonly leaseMs: number;
  readonly commitSize: number;
  readonly clock: Clock;
  /** Gives free what else holds the experiment. */
  release(): Promise<void>;
}

/** Writes to one experiment for as long as it holds the lease. */
export class LibsqlSession implements StorageSession {
  readonly id: number;
  readonly isNew: boolean;
  /** Whether the experiment is a copy that is not whole. */
  readonly isPartial: boolean;
  readonly commitSize: number;
  readonly #database: Database;
  readonly #parts: LibsqlSessionParts;
  /** Evaluations that are known to hold nothing that a commit would replace. */
  readonly #settled = new Set<EvaluationId>();
  #nextId: number;
  /** Whether the experiment is known to hold no evaluation. */
  #isEmpty: boolean;
  readonly #stopHeartbeat: () => void;
  #closing: Promise<void> | undefined;

  /** Starts the heartbeat of a lease that was just taken. */
  constructor(database: Database, parts: LibsqlSessionParts) {
    this.id = parts.id;
    this.isNew = parts.isNew;
    this.isPartial = parts.isPartial;
    this.commitSize = parts.commitSize;
    this.#database = database;
    this.#parts = parts;
    this.#nextId = parts.id * IDS_PER_SESSION;
    this.#isEmpty = parts.isNew && shardCount(parts.shard) === 1;
    this.#stopHeartbeat = startHeartbeat(database, parts);
  }

  /** Is not among the experiment's sessions any more: it has recorded nothing. */
  async forget(): Promise<void> {
    try {
      await this.write({ sql: "DELETE FROM sessions WHERE id = ?1", args: [this.id] });
    } catch {
      // It stays as a session that recorded nothing.
    }
  }

  async evaluation(
    definition: EvaluationDefinition,
    options: { readonly fresh?: boolean } = {},
  ): Promise<StoredEvaluation> {
    const { experimentId, shard } = this.#parts;
    const { name, variant } = definition;
    this.#isEmpty = false;
    const newest = options.fresh === true ? await this.find(name, variant) : undefined;
    const generation = (newest?.generation ?? 0) + 1;
    const results = await this.write(
      ...startStatements(definition, { experimentId, session: this.id, shard, generation }),
      evaluationOf(experimentId, name, variant),
    );
    const [row] = results.at(-1)?.rows ?? [];
    if (row === undefined) throw new TypeError("The evaluation that was just made is missing.");
    const stored = this.#toEvaluation(row);
    // Another shard's session may record errors at any time.
    const alone = shardCount(shard) === 1;
    if (alone && stored.errors === 0 && stored.gone === 0) this.#settled.add(stored.id);
    return stored;
  }

  async find(name: string, variant: string): Promise<StoredEvaluation | undefined> {
    // To ask a remote database takes its time.
    if (this.#isEmpty) return undefined;
    const [row] = await this.#database.rows(evaluationOf(this.#parts.experimentId, name, variant));
    return row === undefined ? undefined : this.#toEvaluation(row);
  }

  async keep(evaluation: EvaluationId, fingerprint: Fingerprint): Promise<void> {
    await this.write(keepStatement(evaluation, fingerprint));
  }

  recorded(evaluation: EvaluationId): AsyncIterable<RecordedPage> {
    return readKeys(this.#database, evaluation);
  }

  async commit(
    records: readonly ItemRecordDraft[],
    metrics: readonly EvaluationMetrics[] = [],
  ): Promise<CommitOutcome> {
    const definitions = metrics.flatMap(({ evaluation, metrics }) =>
      defineStatements(evaluation, metrics)
    );
    if (records.length === 0) {
      if (definitions.length > 0) await this.write(...definitions);
      return { recorded: 0, doubled: 0 };
    }
    const kept = onePerItem(records);
    const recorded = await this.#store(kept, definitions);
    const doubled = kept === records ? 0 : doubledAmong(records);
    return { recorded, doubled: kept.length - recorded + doubled };
  }

  async storeMetrics(
    evaluation: EvaluationId,
    values: readonly (MetricDefinition & MetricValue)[],
    asOf?: MetricsAsOf,
  ): Promise<void> {
    if (values.length > 0) await this.write(...storeStatements(evaluation, values, asOf));
  }

  async mark(
    evaluation: EvaluationId,
    items: readonly { readonly key: ItemKey; readonly repeat: number }[],
    gone: boolean,
  ): Promise<void> {
    this.#settled.delete(evaluation);
    if (items.length > 0) await this.write(...markStatements(evaluation, items, gone));
  }

  async finish(
    evaluation: EvaluationId,
    status: "incomplete" | "complete",
    items: number,
  ): Promise<StoredEvaluation> {
    const { experimentId, shard } = this.#parts;
    const pass = { experimentId, session: this.id, shard, status, items };
    const results = await this.write(
      ...finishStatements(evaluation, pass),
      evaluationById(evaluation),
    );
    const [row] = results.at(-1)?.rows ?? [];
    if (row === undefined) throw new TypeError(`There is no evaluation ${evaluation}.`);
    const evaluated = this.#toEvaluation(row);
    const kept = await keepDistributions(this.#database, evaluated);
    if (kept.length > 0) await this.write(...kept);
    return evaluated;
  }

  async dropOlder(evaluation: EvaluationId): Promise<void> {
    await this.write(...dropOlderStatements(evaluation));
  }

  async setGit(commit: string, dirty: boolean): Promise<void> {
    await this.write({
      sql: "UPDATE sessions SET git_commit = ?2, git_dirty = ?3 WHERE id = ?1",
      args: [this.id, toStoredText(commit), dirty ? 1 : 0],
    });
  }

  /** Writes in one transaction, perhaps twice: repeated, it must change nothing more. */
  async write(...statements: readonly Statement[]): Promise<readonly SqlResult[]> {
    return await this.#held((...all) => this.#database.write(...all), statements);
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(): Promise<void> {
    this.#stopHeartbeat();
    const { token, clock } = this.#parts;
    noteEnded(token);
    const given = this.#database.write(
      { sql: `UPDATE sessions SET finished_at = ${NOW} WHERE token = ?1`, args: [token] },
      { sql: "DELETE FROM leases WHERE token = ?1", args: [token] },
    ).catch(() => {
      // What was committed stays, and a lease that cannot be given back expires.
    });
    const late = Promise.withResolvers<void>();
    const stop = clock.after(CLOSING_MS, late.resolve);
    await Promise.race([given, late.promise]);
    stop();
    await this.#parts.release();
  }

  /** Stores records of distinct items; what is too large for the database is left out of them. */
  async #store(
    records: readonly ItemRecordDraft[],
    definitions: readonly Statement[],
  ): Promise<number> {
    try {
      return await this.#tryStore(records, definitions);
    } catch (error) {
      if (!(error instanceof DotevalsError) || error.code !== TOO_LARGE) throw error;
      const [record] = records;
      if (record === undefined) throw error;
      if (records.length === 1) return await this.#tryStore([leftOut(record, error)], definitions);
      // Which one it is shows when each half is stored by itself.
      const half = Math.ceil(records.length / 2);
      return await this.#store(records.slice(0, half), definitions) +
        await this.#store(records.slice(half), definitions);
    }
  }

  /** Ids are new in each attempt, so that it may repeat one whose outcome is unknown. */
  async #tryStore(
    records: readonly ItemRecordDraft[],
    definitions: readonly Statement[],
  ): Promise<number> {
    const { experimentId, token, leaseMs } = this.#parts;
    const { statements, inserting } = commitStatements(records, {
      experimentId,
      token,
      leaseMs,
      firstId: this.#takeIds(records.length),
      mayHaveFailed: (evaluation) => !this.#settled.has(evaluation),
    });
    for (const { evaluation, error } of records) {
      if (error !== undefined) this.#settled.delete(evaluation);
    }
    const results = await this.#held(
      (...all) => this.#database.writeOnce(...all),
      [...statements, ...definitions],
    );
    return inserting.reduce((sum, index) => sum + (results[index]?.changes ?? 0), 0);
  }

  /** A row of an evaluation; what this session runs is alive. */
  #toEvaluation(row: SqlRow): StoredEvaluation {
    return toEvaluation(row, new Set([this.#parts.token]));
  }

  /** Writes in one transaction that fails unless the lease is still held. */
  async #held(
    write: (...statements: readonly Statement[]) => Promise<readonly SqlResult[]>,
    statements: readonly Statement[],
  ): Promise<readonly SqlResult[]> {
    if (this.#closing !== undefined) throw sessionClosed();
    try {
      const results = await write(checkLease(this.#parts.token), ...statements);
      return results.slice(1);
    } catch (error) {
      if (!(error instanceof DotevalsError) || error.code !== "lease-lost") throw error;
      const { experiment, shard } = this.#parts;
      const leases = (await this.#database.rows(leasesOf(experiment))).map(toLease);
      const taker = leases.find((lease) => areInEachOthersWay(lease.shard, shard));
      throw leaseLost(experiment, taker, { shard, cause: error });
    }
  }

  #takeIds(count: number): number {
    const first = this.#nextId;
    this.#nextId += count;
    return first;
  }
}
