/**
 * A session on one experiment of a libSQL database.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { MetricValue } from "../evaluation/metric.ts";
import type { Database } from "./database.ts";
import { DotevalsError } from "../errors.ts";
import { checkLease, HEARTBEAT, leaseOf, renewLease, toLease } from "./lease.ts";
import { leaseLost, sessionClosed } from "./lease_errors.ts";
import { commitStatements } from "./libsql_commit.ts";
import { evaluationOf, toEvaluation } from "./libsql_evaluations.ts";
import {
  defineStatements,
  dropOlderStatements,
  finishStatements,
  keepStatement,
  markStatements,
  startStatements,
  storeStatements,
} from "./libsql_changes.ts";
import { readKeys } from "./libsql_keys.ts";
import { doubledAmong, onePerItem } from "./one_per_item.ts";
import { NOW } from "./schema.ts";
import { rowsOf, type SqlResult, type Statement } from "./sql.ts";
import type {
  CommitOutcome,
  EvaluationDefinition,
  EvaluationId,
  Fingerprint,
  ItemKey,
  ItemRecordDraft,
  MetricDefinition,
  RecordedKey,
  StorageSession,
  StoredEvaluation,
} from "./storage.ts";
import { toStoredText } from "./stored_text.ts";

/** Item ids of a session start at its number times this. */
const IDS_PER_SESSION = 2 ** 32;

/** What a {@linkcode LibsqlSession} is made of. */
export interface LibsqlSessionParts {
  readonly id: number;
  readonly experiment: string;
  readonly experimentId: number;
  readonly token: string;
  readonly commitSize: number;
  readonly clock: Clock;
  /** Gives free what else holds the experiment. */
  release(): Promise<void>;
}

/** Writes to one experiment for as long as it holds the lease. */
export class LibsqlSession implements StorageSession {
  readonly id: number;
  readonly commitSize: number;
  readonly #database: Database;
  readonly #parts: LibsqlSessionParts;
  /** Evaluations that are known to hold nothing that a commit would replace. */
  readonly #settled = new Set<EvaluationId>();
  #nextId: number;
  #stopHeartbeat: () => void;
  #closing: Promise<void> | undefined;

  /** Starts the heartbeat of a lease that was just taken. */
  constructor(database: Database, parts: LibsqlSessionParts) {
    this.id = parts.id;
    this.commitSize = parts.commitSize;
    this.#database = database;
    this.#parts = parts;
    this.#nextId = parts.id * IDS_PER_SESSION;
    this.#stopHeartbeat = this.#scheduleHeartbeat();
  }

  async evaluation(
    definition: EvaluationDefinition,
    options: { readonly fresh?: boolean } = {},
  ): Promise<StoredEvaluation> {
    const { experimentId } = this.#parts;
    const place = { experimentId, session: this.id, fresh: options.fresh === true };
    await this.#write(...startStatements(definition, place));
    const stored = await this.find(definition.name, definition.variant);
    if (stored === undefined) throw new TypeError("The evaluation that was just made is missing.");
    if (stored.errors === 0 && stored.gone === 0) this.#settled.add(stored.id);
    return stored;
  }

  async find(name: string, variant: string): Promise<StoredEvaluation | undefined> {
    const [row] = await this.#database.rows(evaluationOf(this.#parts.experimentId, name, variant));
    return row === undefined ? undefined : toEvaluation(row, new Set([this.#parts.token]));
  }

  async keep(evaluation: EvaluationId, fingerprint: Fingerprint): Promise<void> {
    await this.#write(keepStatement(evaluation, fingerprint));
  }

  recorded(evaluation: EvaluationId): AsyncIterable<readonly RecordedKey[]> {
    return readKeys(this.#database, evaluation);
  }

  async commit(records: readonly ItemRecordDraft[]): Promise<CommitOutcome> {
    if (records.length === 0) return { recorded: 0, doubled: 0 };
    const kept = onePerItem(records);
    const { statements, inserting } = commitStatements(kept, {
      experimentId: this.#parts.experimentId,
      token: this.#parts.token,
      firstId: this.#takeIds(kept.length),
      mayHaveFailed: (evaluation) => !this.#settled.has(evaluation),
    });
    for (const { evaluation, error } of kept) {
      if (error !== undefined) this.#settled.delete(evaluation);
    }
    const results = await this.#write(...statements);
    const recorded = inserting.reduce((sum, index) => sum + (results[index]?.changes ?? 0), 0);
    return { recorded, doubled: kept.length - recorded + doubledAmong(records) };
  }

  async defineMetrics(
    evaluation: EvaluationId,
    metrics: readonly MetricDefinition[],
  ): Promise<void> {
    if (metrics.length > 0) await this.#write(...defineStatements(evaluation, metrics));
  }

  async storeMetrics(
    evaluation: EvaluationId,
    values: readonly (MetricDefinition & MetricValue)[],
  ): Promise<void> {
    if (values.length > 0) await this.#write(...storeStatements(evaluation, values));
  }

  async mark(
    evaluation: EvaluationId,
    items: readonly { readonly key: ItemKey; readonly repeat: number }[],
    gone: boolean,
  ): Promise<void> {
    this.#settled.delete(evaluation);
    if (items.length > 0) await this.#write(...markStatements(evaluation, items, gone));
  }

  async finish(
    evaluation: EvaluationId,
    status: "incomplete" | "complete",
    items: number,
  ): Promise<void> {
    const { experimentId } = this.#parts;
    await this.#write(...finishStatements(evaluation, { experimentId, status, items }));
  }

  async dropOlder(evaluation: EvaluationId): Promise<void> {
    await this.#write(...dropOlderStatements(evaluation));
  }

  async setGit(commit: string, dirty: boolean): Promise<void> {
    await this.#write({
      sql: "UPDATE sessions SET git_commit = ?2, git_dirty = ?3 WHERE id = ?1",
      args: [this.id, toStoredText(commit), dirty ? 1 : 0],
    });
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
    const { token } = this.#parts;
    try {
      await this.#database.write(
        { sql: `UPDATE sessions SET finished_at = ${NOW} WHERE token = ?1`, args: [token] },
        { sql: "DELETE FROM leases WHERE token = ?1", args: [token] },
      );
    } catch {
      // All results are committed by now, and a lease that cannot be given back expires.
    } finally {
      await this.#parts.release();
    }
  }

  /** Writes in one transaction that fails unless the lease is still held. */
  async #write(...statements: readonly Statement[]): Promise<readonly SqlResult[]> {
    if (this.#closing !== undefined) {
      throw sessionClosed();
    }
    try {
      const results = await this.#database.write(checkLease(this.#parts.token), ...statements);
      return results.slice(1);
    } catch (error) {
      if (!(error instanceof DotevalsError) || error.code !== "lease-lost") throw error;
      const { experiment } = this.#parts;
      const [row] = rowsOf(await this.#database.read(leaseOf(experiment)), 0);
      throw leaseLost(experiment, row === undefined ? undefined : toLease(row), error);
    }
  }

  #takeIds(count: number): number {
    const first = this.#nextId;
    this.#nextId += count;
    return first;
  }

  #scheduleHeartbeat(): () => void {
    return this.#parts.clock.after(HEARTBEAT, async () => {
      try {
        await this.#database.write(renewLease(this.#parts.token));
      } catch {
        // The next write says what is wrong.
      }
      if (this.#closing === undefined) this.#stopHeartbeat = this.#scheduleHeartbeat();
    });
  }
}
