/**
 * The recorder: the only writer of results.
 *
 * @module
 */
import { type Clock, wait } from "../clock.ts";
import { DotevalsError } from "../errors.ts";
import { PendingResults } from "./pending_results.ts";
import type { StorageSession } from "./storage.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import type { EvaluationMetrics, MetricDefinition } from "./stored_metric.ts";
import type { ItemRecordDraft } from "./stored_record.ts";

/**
 * How long the first result of a commit waits for company, in milliseconds: a commit takes some 2 ms
 * of processors however little is in it.
 */
const GATHER_MS = 50;

/** A timer that is later than this, in milliseconds, shows that the event loop has no turn. */
const LATE_MS = 20;

/** How long to wait before a commit is tried again, in milliseconds. */
const AGAIN_MS = 500;

/** Groups that wait or are under way before lanes do. */
const MOST_GROUPS = 2;

/** For how long a commit is tried again that found no room, in milliseconds. */
const PATIENCE_MS = 60_000;

/** Failures that somebody may end while results wait in memory. */
const PASSING: readonly string[] = ["storage-full", "storage-busy"];

/** Options of {@linkcode Recorder}. */
export interface RecorderOptions {
  readonly clock: Clock;
  /** Told how many results a commit that begins is to store. */
  readonly onCommitting?: (results: number) => void;
  /** Told of what is committed, in the order of the commits. */
  readonly onCommitted: (records: readonly ItemRecordDraft[]) => void;
  /** Told once for as long as results wait in memory because of a failure that may pass. */
  readonly onWaiting?: (error: DotevalsError) => void;
  /** Told when they wait no longer. */
  readonly onGoingOn?: () => void;
  /** Told once when nothing can be committed any more. */
  readonly onFailed: (error: unknown) => void;
}

/** What is committed together. */
interface Group {
  readonly records: readonly ItemRecordDraft[];
  readonly definitions: readonly EvaluationMetrics[];
}

/**
 * Commits results in groups: one commit at a time, while the next group gathers.
 *
 * A result waits at most {@linkcode GATHER_MS} and one commit. When results come faster than
 * they can be committed, {@linkcode Recorder.ready} holds the lanes back. While the disk is full,
 * results wait in memory, as many as one commit takes.
 */
export class Recorder {
  readonly #session: StorageSession;
  readonly #options: RecorderOptions;
  readonly #pending: PendingResults;
  readonly #definitions: EvaluationMetrics[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #resultsUnderWay = 0;
  #groupsUnderWay = 0;
  #taken = 0;
  #stored = 0;
  #gathering: { readonly due: number; readonly stop: () => void } | undefined;
  #waitingSince: number | undefined;
  #held: (() => void)[] = [];
  #failure: { readonly error: unknown } | undefined;
  readonly #failed = new AbortController();

  /** Writes to `session`. */
  constructor(session: StorageSession, options: RecorderOptions) {
    this.#session = session;
    this.#options = options;
    this.#pending = new PendingResults(session.commitSize);
  }

  /** Why nothing can be committed any more. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Takes results; they are committed together. */
  add(records: readonly ItemRecordDraft[]): void {
    if (this.#failure) return;
    this.#pending.add(records);
    this.#taken += records.length;
    if (this.#waitingSince !== undefined) return;
    if (this.#pending.groups >= 1 && this.#underWay.size === 0) this.#commitNext();
    else this.#gather();
  }

  /** Takes definitions of metrics; they are stored with the next results. */
  define(evaluation: EvaluationId, metrics: readonly MetricDefinition[]): void {
    this.#definitions.push({ evaluation, metrics });
  }

  /** Waits, where need be, until there is room for more results. */
  ready(): Promise<void> | undefined {
    const stored = this.#session.room?.();
    if (stored) return stored.then(() => this.ready());
    if (this.#hasRoom()) return undefined;
    return new Promise((resolve) => {
      this.#held.push(resolve);
    });
  }

  /**
   * Commits all that was taken until now; what is taken meanwhile does not prolong it.
   *
   * @throws what a commit failed with
   */
  async flush(): Promise<void> {
    const target = this.#taken;
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      if (this.#stored >= target && this.#definitions.length === 0) return;
      const [first] = this.#underWay;
      if (first) await first;
      else this.#commitNext();
    }
  }

  #gather(): void {
    const now = this.#options.clock.monotonic();
    if (this.#gathering === undefined) {
      const stop = this.#options.clock.after(GATHER_MS, () => {
        this.#gathering = undefined;
        if (this.#underWay.size === 0) this.#commitNext();
      });
      this.#gathering = { due: now + GATHER_MS, stop };
    } else if (now > this.#gathering.due + LATE_MS) {
      // Nor would the end of a commit that is under way be seen: the next one goes behind it.
      this.#commitNext();
    }
  }

  #commitNext(): void {
    this.#gathering?.stop();
    this.#gathering = undefined;
    const { records, groups } = this.#pending.take();
    this.#resultsUnderWay += records.length;
    this.#groupsUnderWay += groups;
    const definitions = this.#definitions.splice(0);
    const commit = this.#commit({ records, definitions }).then(
      () => this.#options.onCommitted(records),
      (error) => this.#fail(error),
    ).then(() => {
      this.#underWay.delete(commit);
      this.#resultsUnderWay -= records.length;
      this.#groupsUnderWay -= groups;
      this.#stored += records.length;
      if (this.#pending.length > 0 && this.#underWay.size === 0) this.#commitNext();
      this.#release();
    });
    this.#underWay.add(commit);
  }

  async #commit(group: Group): Promise<void> {
    for (;;) {
      try {
        await this.#store(group);
        if (this.#waitingSince !== undefined) this.#options.onGoingOn?.();
        this.#waitingSince = undefined;
        return;
      } catch (error) {
        if (!(error instanceof DotevalsError && PASSING.includes(error.code))) throw error;
        if (this.#failure) throw error;
        if (this.#waitingSince === undefined) this.#options.onWaiting?.(error);
        const now = this.#options.clock.monotonic();
        this.#waitingSince ??= now;
        if (this.#pending.groups >= 1 || now - this.#waitingSince > PATIENCE_MS) throw error;
        await wait(this.#options.clock, AGAIN_MS, this.#failed.signal);
      }
    }
  }

  async #store({ records, definitions }: Group): Promise<void> {
    if (records.length > 0) this.#options.onCommitting?.(records.length);
    await this.#session.commit(records, definitions);
  }

  #fail(error: unknown): void {
    if (this.#failure) return;
    const lost = this.#pending.length + this.#resultsUnderWay;
    this.#failure = { error: this.#waitingSince === undefined ? error : givenUp(error, lost) };
    this.#failed.abort(error);
    this.#pending.clear();
    this.#options.onFailed(this.#failure.error);
  }

  #hasRoom(): boolean {
    if (this.#failure !== undefined) return true;
    return this.#pending.groups + this.#groupsUnderWay < MOST_GROUPS;
  }

  #release(): void {
    if (!this.#hasRoom()) return;
    for (const resolve of this.#held.splice(0)) resolve();
  }
}

/** The error for results that waited in memory in vain. */
function givenUp(error: unknown, results: number): unknown {
  if (!(error instanceof DotevalsError)) return error;
  const { message, code, hint, exitCode } = error;
  return new DotevalsError(
    `${message} ${results === 1 ? "1 result" : `${results} results`} could not be recorded.`,
    { code, hint, exitCode, cause: error },
  );
}
