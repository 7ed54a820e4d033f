/**
 * A session: one execution that adds results to an experiment.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { DotevalsError, messageOf } from "../errors.ts";
import { AwakeTimer } from "../schedule/awake_timer.ts";
import { Secrets } from "../secrets.ts";
import { Recorder } from "../storage/recorder.ts";
import { shardName } from "../storage/shard.ts";
import type { SessionHolder, Shard, Storage, StorageSession } from "../storage/storage.ts";
import type { EvaluationId } from "../storage/stored_evaluation.ts";
import type { ItemRecordDraft } from "../storage/stored_record.ts";
import { Endpoints } from "./endpoints.ts";
import type { RunEvent, RunListener } from "./events.ts";
import { FixturePool } from "./fixture_pool.ts";
import type { GitState } from "./git.ts";
import { ModelPool, type SetUpModel } from "./model_pool.ts";
import { Prices } from "./prices.ts";
import type { RunControl } from "./run_control.ts";
import { eventWithoutSecrets } from "./secrets.ts";

/** How long items get to come to their end when the storage takes no more, in milliseconds. */
const STORAGE_GRACE_MS = 10_000;

/** What a session needs of the world around it. */
export interface SessionOptions {
  readonly storage: Storage;
  readonly experiment: string;
  readonly holder: SessionHolder;
  /** The part of the items that it runs; all without it. */
  readonly shard?: Shard | undefined;
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  readonly setUpModel: SetUpModel;
  readonly onEvent: RunListener;
  /** Values that are never stored; what it holds when a result comes counts. */
  readonly secrets?: Secrets;
  /** Which commit is run, where that is known. */
  readonly git?: Promise<GitState | undefined>;
}

/** One execution that adds results to an experiment. */
export class Session implements AsyncDisposable {
  readonly storage: Storage;
  readonly experiment: string;
  /** The part of the items that it runs; all without it. */
  readonly shard: Shard | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timer: AwakeTimer;
  readonly fixtures: FixturePool;
  readonly models: ModelPool;
  readonly prices: Prices;
  /** What is known of endpoints, for all that runs in it. */
  readonly endpoints: Endpoints;
  readonly recorder: Recorder;
  /** The only writer of results. */
  readonly writer: StorageSession;
  readonly version: string;
  /** Values that are never stored. */
  readonly secrets: Secrets;
  /** What is running in it, by evaluation and variant: nothing runs twice at once. */
  readonly claims: Set<string> = new Set();
  /** Told of each commit, by evaluation. */
  readonly committed: Map<EvaluationId, (records: readonly ItemRecordDraft[]) => void> = new Map();

  readonly #listeners: Set<RunListener>;
  readonly #running = new Set<RunControl>();
  readonly #setup = new AbortController();
  /** Ends waiting for the storage. */
  readonly #waiting = new AbortController();
  #unsettled = false;
  #stopping = false;
  readonly #startedAt: number;
  #stopGrace: (() => void) | undefined;
  #closing: Promise<void> | undefined;
  readonly #git: Promise<GitState | undefined>;

  private constructor(options: SessionOptions, writer: StorageSession) {
    const { storage, experiment, clock, random } = options;
    this.storage = storage;
    this.experiment = experiment;
    this.shard = options.shard;
    this.clock = clock;
    this.random = random;
    this.version = options.holder.version;
    this.writer = writer;
    this.secrets = options.secrets ?? new Secrets();
    this.timer = new AwakeTimer(clock);
    this.fixtures = new FixturePool({ clock, signal: this.#setup.signal });
    this.models = new ModelPool(options.setUpModel, {
      clock,
      signal: this.#setup.signal,
      emit: (event) => this.emit(event),
    });
    this.prices = new Prices({
      onMissing: (cause) => {
        const text = `No costs are recorded, because there is no price list: ${messageOf(cause)}`;
        this.emit({ type: "message", level: "warn", text, source: "dotevals" });
      },
    });
    this.endpoints = new Endpoints({
      clock,
      random,
      onDown: (model, error) => {
        const text = `The endpoint of "${model}" is down; calls wait until it answers again: ` +
          messageOf(error);
        this.emit({ type: "message", level: "warn", text, source: "dotevals" });
      },
      onUp: (model, downMs) => {
        const text = `The endpoint of "${model}" answers again, after ` +
          `${Math.ceil(downMs / 1000)} s.`;
        this.emit({ type: "message", level: "info", text, source: "dotevals" });
      },
    });
    this.recorder = new Recorder(writer, {
      clock,
      onCommitting: (results) => this.emit({ type: "commit-started", results }),
      onCommitted: (records) => this.#onCommitted(records),
      onWaiting: ({ message, hint }) => {
        const text = `${message} Results wait in memory meanwhile.`;
        this.emit({ type: "message", level: "warn", text, hint, source: "dotevals" });
      },
      onGoingOn: () => {
        const text = "Results are recorded again.";
        this.emit({ type: "message", level: "info", text, source: "dotevals" });
      },
      onFailed: () => this.abandon(),
    });
    this.#listeners = new Set([options.onEvent]);
    this.#git = options.git ?? Promise.resolve(undefined);
    this.#startedAt = clock.monotonic();
  }

  /**
   * Opens a session on an experiment, made where it does not exist.
   *
   * @throws {DotevalsError} `experiment-locked` where another session holds it
   */
  static async open(options: SessionOptions): Promise<Session> {
    const { storage, experiment, holder, shard } = options;
    let emit = options.onEvent;
    const writer = await storage.begin(experiment, holder, {
      shard,
      onNotice({ stop, ...notice }) {
        emit({ type: "message", ...notice, source: "dotevals" });
        if (stop) session.stop(STORAGE_GRACE_MS);
      },
    });
    const session = new Session(options, writer);
    emit = (event) => session.emit(event);
    session.emit({
      type: "session-started",
      experiment,
      ...shard && { shard: shardName(shard) },
      storage: storage.location,
      resumed: !writer.isNew,
    });
    return session;
  }

  /** Whether no new items are started any more. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Tells all listeners what happened; what they throw is theirs, and reported as such. */
  emit(event: RunEvent): void {
    const shown = eventWithoutSecrets(event, this.secrets);
    for (const listener of this.#listeners) {
      try {
        listener(shown);
      } catch (error) {
        reportError(error);
      }
    }
  }

  /** Adds a listener; returns what removes it. */
  listen(listener: RunListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Has a run stopped with the session until it is taken out. */
  enter(running: RunControl): () => void {
    this.#running.add(running);
    if (this.#stopping) running.abandon();
    return () => this.#running.delete(running);
  }

  /** Starts no new items; those under way get so many milliseconds to come to their end. */
  stop(graceMs: number): void {
    if (this.#stopping) return;
    this.#stopping = true;
    const inFlight = [...this.#running].reduce((sum, { underWay }) => sum + underWay.size, 0);
    this.emit({ type: "stopping", inFlight, graceMs });
    for (const running of this.#running) running.stop(graceMs);
    this.#setup.abort(new Error("The session is stopping."));
    this.#stopGrace = this.clock.after(graceMs, () => this.abandon());
  }

  /** Starts no new items, and waits for none of those under way. */
  abandon(): void {
    this.#stopping = true;
    this.#waiting.abort(new Error("The session is stopping."));
    for (const running of this.#running) running.abandon();
    this.#setup.abort(new Error("The session is stopping."));
  }

  /**
   * Commits what was taken, and waits until it is where everybody sees it.
   *
   * @throws {DotevalsError} what a commit failed with; `results-spooled` when a remote storage
   * stays away
   */
  async settle(): Promise<void> {
    await this.recorder.flush();
    try {
      await this.writer.settle(this.#waiting.signal);
      this.#unsettled = false;
    } catch (error) {
      this.#unsettled = true;
      throw error;
    }
  }

  /** Commits what is left, tears down models and fixtures, and gives the experiment free. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  /** The same as {@linkcode Session.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    try {
      // What could not be delivered was told when that was tried.
      if (!this.recorder.failure && !this.#unsettled && await this.#settleLast()) {
        const git = await this.#git;
        if (git) await this.writer.setGit(git.commit, git.dirty);
      }
    } finally {
      this.#stopGrace?.();
      this.#setup.abort(new Error("The session ends."));
      for (const text of await this.fixtures.tearDown()) {
        this.emit({ type: "message", level: "error", text, source: "dotevals" });
      }
      await this.models.tearDown();
      await this.writer.close();
      this.emit({
        type: "session-finished",
        experiment: this.experiment,
        interrupted: this.#stopping,
        durationMs: Math.round(this.clock.monotonic() - this.#startedAt),
      });
    }
  }

  /** Settles what a failure left unsettled; is told in a message, not to hide that failure. */
  async #settleLast(): Promise<boolean> {
    try {
      await this.settle();
      return true;
    } catch (error) {
      if (!this.#unsettled) throw error;
      const hint = error instanceof DotevalsError ? error.hint : undefined;
      this.emit({
        type: "message",
        level: "error",
        text: messageOf(error),
        hint,
        source: "dotevals",
      });
      return false;
    }
  }

  #onCommitted(records: readonly ItemRecordDraft[]): void {
    for (const [evaluation, own] of Map.groupBy(records, (record) => record.evaluation)) {
      this.committed.get(evaluation)?.(own);
    }
  }
}
