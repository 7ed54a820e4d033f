/**
 * The recorder: the only writer of results.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { EvaluationId, ItemRecordDraft, MetricDefinition, StorageSession } from "./storage.ts";

/** How long the first result of a commit waits for company, in milliseconds. */
const GATHER_MS = 20;

/** Options of {@linkcode Recorder}. */
export interface RecorderOptions {
  readonly clock: Clock;
  /** Told how many results a commit that begins is to store. */
  readonly onCommitting?: (results: number) => void;
  /** Told of what is committed, in the order of the commits. */
  readonly onCommitted: (records: readonly ItemRecordDraft[]) => void;
  /** Told once when nothing can be committed any more. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * Commits results in groups: one commit at a time, while the next group gathers.
 *
 * A result waits at most {@linkcode GATHER_MS} and one commit. When results come faster than
 * they can be committed, {@linkcode Recorder.ready} holds the lanes back.
 */
export class Recorder {
  #session: StorageSession;
  #options: RecorderOptions;
  #pending: ItemRecordDraft[] = [];
  #definitions: { evaluation: EvaluationId; metrics: readonly MetricDefinition[] }[] = [];
  #committing: Promise<void> | undefined;
  #stopTimer: (() => void) | undefined;
  #held: (() => void)[] = [];
  #failure: { readonly error: unknown } | undefined;

  /** Writes to `session`. */
  constructor(session: StorageSession, options: RecorderOptions) {
    this.#session = session;
    this.#options = options;
  }

  /** Why nothing can be committed any more. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Takes results; they are committed together. */
  add(records: readonly ItemRecordDraft[]): void {
    if (this.#failure) return;
    for (const record of records) this.#pending.push(record);
    if (this.#committing) return;
    if (this.#pending.length >= this.#session.commitSize) this.#commitNext();
    else this.#stopTimer ??= this.#options.clock.after(GATHER_MS, () => this.#commitNext());
  }

  /** Takes definitions of metrics; they are stored before the next results. */
  define(evaluation: EvaluationId, metrics: readonly MetricDefinition[]): void {
    this.#definitions.push({ evaluation, metrics });
  }

  /** Waits, where need be, until there is room for more results. */
  ready(): Promise<void> | undefined {
    if (this.#pending.length < this.#session.commitSize || this.#failure) return undefined;
    return new Promise((resolve) => {
      this.#held.push(resolve);
    });
  }

  /**
   * Commits all that was taken.
   *
   * @throws what a commit failed with
   */
  async flush(): Promise<void> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      if (this.#committing) await this.#committing;
      else if (this.#pending.length + this.#definitions.length > 0) this.#commitNext();
      else return;
    }
  }

  #commitNext(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const group = this.#pending.splice(0, this.#session.commitSize);
    const definitions = this.#definitions.splice(0);
    this.#release();
    this.#committing = this.#commit(group, definitions).then(
      () => this.#options.onCommitted(group),
      (error) => {
        this.#failure = { error };
        this.#pending.length = 0;
        this.#options.onFailed(error);
      },
    ).then(() => {
      this.#committing = undefined;
      if (this.#pending.length > 0) this.#commitNext();
      this.#release();
    });
  }

  async #commit(
    group: readonly ItemRecordDraft[],
    definitions: readonly { evaluation: EvaluationId; metrics: readonly MetricDefinition[] }[],
  ): Promise<void> {
    for (const { evaluation, metrics } of definitions) {
      await this.#session.defineMetrics(evaluation, metrics);
    }
    if (group.length === 0) return;
    this.#options.onCommitting?.(group.length);
    await this.#session.commit(group);
  }

  #release(): void {
    if (this.#pending.length >= this.#session.commitSize && !this.#failure) return;
    for (const resolve of this.#held.splice(0)) resolve();
  }
}
