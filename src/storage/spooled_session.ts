/**
 * A session on an experiment of a remote database: results are safe on this machine first, and
 * are delivered behind.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { MetricValue } from "../evaluation/metric.ts";
import { Delivery } from "./delivery.ts";
import { sessionClosed } from "./lease_errors.ts";
import { PageReceiver, type Received } from "./page_receiver.ts";
import type { Spool } from "./spool.ts";
import type { SpoolEntry } from "./spool_entry.ts";
import { noticeOfEarlier, noticeOfFull, resultsSpooled, withSpool } from "./spool_words.ts";
import type { RecordedPage } from "./recorded_page.ts";
import type { CommitOutcome, StorageNotice, StorageSession } from "./storage.ts";
import type {
  EvaluationDefinition,
  EvaluationId,
  Fingerprint,
  StoredEvaluation,
} from "./stored_evaluation.ts";
import type { EvaluationMetrics, MetricDefinition, MetricsAsOf } from "./stored_metric.ts";
import type { ItemKey, ItemRecordDraft } from "./stored_record.ts";

/** What a {@linkcode SpooledSession} is made of. */
export interface SpooledSessionParts {
  /** The session of the database. */
  readonly remote: StorageSession;
  readonly spool: Spool;
  /** The storage, as messages call it. */
  readonly location: string;
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** For how many milliseconds a database is waited for that does not answer. */
  readonly patienceMs: number;
  /** Bytes that may wait in the spool before lanes do. */
  readonly spoolBytes: number;
  readonly onNotice: (notice: StorageNotice) => void;
  /** Gives free what else belongs to the session. */
  release(): void;
}

/** Writes to one experiment of a remote database, by way of a spool. */
export class SpooledSession implements StorageSession {
  readonly id: number;
  readonly isNew: boolean;
  readonly commitSize: number;
  readonly #parts: SpooledSessionParts;
  readonly #delivery: Delivery;
  #earlier: Received = { recorded: 0, doubled: 0, refused: 0 };
  #room: Promise<void> | undefined;
  #isFull = false;
  #closing: Promise<void> | undefined;

  /** Delivers nothing before {@linkcode SpooledSession.deliverEarlier} or the first commit. */
  constructor(parts: SpooledSessionParts) {
    const { remote, spool, clock, random, patienceMs } = parts;
    this.id = remote.id;
    this.isNew = remote.isNew;
    this.commitSize = remote.commitSize;
    this.#parts = parts;
    const receiver = new PageReceiver(remote);
    this.#delivery = new Delivery(spool, {
      clock,
      random,
      patienceMs,
      pageSize: remote.commitSize,
      deliver: async (page) => {
        const isEarlier = spool.isEarlier(page);
        const received = await receiver.receive(page, isEarlier);
        if (isEarlier) this.#earlier = sum(this.#earlier, received);
        return received;
      },
    });
  }

  /**
   * Delivers what earlier sessions left.
   *
   * @throws {DotevalsError} `results-spooled` when the database stays away
   */
  async deliverEarlier(): Promise<void> {
    const { spool, onNotice } = this.#parts;
    if (spool.earlier === 0) return;
    await this.#until(() => spool.earlier === 0);
    const { recorded, doubled, refused } = this.#earlier;
    if (recorded + doubled + refused > 0) onNotice(noticeOfEarlier(this.#earlier, spool.setAside));
  }

  async evaluation(
    definition: EvaluationDefinition,
    options?: { readonly fresh?: boolean },
  ): Promise<StoredEvaluation> {
    await this.settle();
    const stored = await this.#parts.remote.evaluation(definition, options);
    this.#parts.spool.describe(stored);
    return stored;
  }

  async find(name: string, variant: string): Promise<StoredEvaluation | undefined> {
    await this.settle();
    return await this.#parts.remote.find(name, variant);
  }

  async keep(evaluation: EvaluationId, fingerprint: Fingerprint): Promise<void> {
    await this.settle();
    await this.#parts.remote.keep(evaluation, fingerprint);
    this.#parts.spool.redefine(evaluation, fingerprint);
  }

  async *recorded(evaluation: EvaluationId): AsyncGenerator<RecordedPage> {
    await this.settle();
    yield* this.#parts.remote.recorded(evaluation);
  }

  /** Returns when the results are in the spool; what the database had already shows later. */
  async commit(
    records: readonly ItemRecordDraft[],
    metrics: readonly EvaluationMetrics[] = [],
  ): Promise<CommitOutcome> {
    const entries: readonly SpoolEntry[] = [
      ...metrics.map((definitions) => ({ type: "metrics" as const, ...definitions })),
      ...records.map((record) => ({ type: "result" as const, record })),
    ];
    if (entries.length > 0) await this.#add(entries);
    return { recorded: records.length, doubled: 0 };
  }

  async storeMetrics(
    evaluation: EvaluationId,
    values: readonly (MetricDefinition & MetricValue)[],
    asOf?: MetricsAsOf,
  ): Promise<void> {
    await this.settle();
    await this.#parts.remote.storeMetrics(evaluation, values, asOf);
  }

  async mark(
    evaluation: EvaluationId,
    items: readonly { readonly key: ItemKey; readonly repeat: number }[],
    gone: boolean,
  ): Promise<void> {
    await this.settle();
    await this.#parts.remote.mark(evaluation, items, gone);
  }

  async finish(
    evaluation: EvaluationId,
    status: "incomplete" | "complete",
    items: number,
  ): Promise<StoredEvaluation> {
    await this.settle();
    return await this.#parts.remote.finish(evaluation, status, items);
  }

  async dropOlder(evaluation: EvaluationId): Promise<void> {
    await this.settle();
    await this.#parts.remote.dropOlder(evaluation);
  }

  async setGit(commit: string, dirty: boolean): Promise<void> {
    await this.#parts.remote.setGit(commit, dirty);
  }

  /** What is under way is kept nevertheless: the spool may grow beyond its bound by that. */
  room(): Promise<void> | undefined {
    const { spool, spoolBytes } = this.#parts;
    if (spool.bytes < spoolBytes || this.#isFull) return undefined;
    return this.#room ??= this.#waitForRoom();
  }

  async settle(signal?: AbortSignal): Promise<void> {
    const { spool } = this.#parts;
    const upTo = spool.added;
    await this.#until(() => spool.delivered >= upTo, signal);
  }

  close(): Promise<void> {
    return this.#closing ??= this.#end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(): Promise<void> {
    const { remote, spool, release } = this.#parts;
    await this.#delivery.stop();
    await spool[Symbol.asyncDispose]();
    await remote.close();
    release();
  }

  /** Adds to the spool, whatever became of the delivery: nothing that is done is lost. */
  async #add(entries: readonly SpoolEntry[]): Promise<void> {
    if (this.#closing) throw sessionClosed();
    await this.#parts.spool.add(entries);
    this.#delivery.wake();
    const { failure } = this.#delivery;
    if (failure) throw withSpool(failure.error, this.#parts.spool);
  }

  /** Waits while the spool is full; when that takes too long, asks for the session's end. */
  async #waitForRoom(): Promise<void> {
    const { spool, spoolBytes, location, onNotice } = this.#parts;
    const waited = await this.#delivery.until(() => spool.bytes < spoolBytes);
    this.#room = undefined;
    if (waited === "done") return;
    this.#isFull = true;
    if (waited === "away") onNotice(noticeOfFull(location, spool));
  }

  async #until(isDone: () => boolean, signal?: AbortSignal): Promise<void> {
    const { spool, location } = this.#parts;
    const waited = await this.#delivery.until(isDone, signal);
    const { failure } = this.#delivery;
    if (waited === "failed") throw withSpool(failure?.error, spool);
    if (waited === "done") return;
    await spool.putBack();
    throw resultsSpooled(location, spool);
  }
}

function sum(one: Received, other: Received): Received {
  return {
    recorded: one.recorded + other.recorded,
    doubled: one.doubled + other.doubled,
    refused: one.refused + other.refused,
  };
}
