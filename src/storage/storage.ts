/**
 * The interface between dotevals and wherever experiments live.
 *
 * Values (rows, responses, prompts, metadata) cross it already encoded by
 * `src/values/tagged.ts`, as text; implementations keep the text as it is.
 *
 * @module
 */
import type { MetricValue, ScoreAggregate, ScoredItem } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import type { ExperimentSummary } from "./experiment_summary.ts";
import type { PairedPart, PairedScoresOptions } from "./paired_scores.ts";
import type { CallTotals } from "./recorded_call.ts";
import type { RecordedPage } from "./recorded_page.ts";
import type { ScoreDistribution } from "./score_distribution.ts";
import type {
  EvaluationDefinition,
  EvaluationId,
  Fingerprint,
  StoredEvaluation,
} from "./stored_evaluation.ts";
import type {
  EvaluationMetrics,
  MetricDefinition,
  MetricsAsOf,
  StoredMetric,
} from "./stored_metric.ts";
import type { ItemKey, ItemRecordDraft, StoredRecord } from "./stored_record.ts";

/** Where experiments live. */
export interface Storage extends AsyncDisposable {
  /** Names the storage to people; holds no secret. */
  readonly location: string;
  /** All experiments, newest change first. */
  experiments(): Promise<readonly ExperimentSummary[]>;
  /** One experiment; `undefined` where there is none of that name. */
  experiment(name: string): Promise<ExperimentSummary | undefined>;
  /**
   * The newest generation of an experiment's evaluations, in the order in which they were
   * first run.
   *
   * @throws {DotevalsError} `no-experiment`, with the nearest name in the hint
   */
  evaluations(experiment: string): Promise<readonly StoredEvaluation[]>;
  /** The items recorded of one evaluation, by position and repeat; never all at once. */
  records(evaluation: EvaluationId, options?: RecordsOptions): AsyncIterable<StoredRecord>;
  /** Running sums per score's name, over the items that are not gone. */
  aggregates(evaluation: EvaluationId): Promise<ReadonlyMap<string, ScoreAggregate>>;
  /** How the scores of each name are spread, over the items that are not gone. */
  distributions(evaluation: EvaluationId): Promise<ReadonlyMap<string, ScoreDistribution>>;
  /** The values of all scores of one name, over the items that are not gone. */
  scoreValues(evaluation: EvaluationId, score: string): AsyncIterable<ScoreValue>;
  /**
   * The scores of one name with their items, and the items that ended with an error, over the items
   * that are not gone; never all at once.
   */
  scoredItems(
    evaluation: EvaluationId,
    score: string,
    options?: ScoredItemsOptions,
  ): AsyncIterable<ScoredOutcome>;
  /**
   * What two evaluations scored the same rows, over the items that are not gone: rows that are
   * scored alike are counted together, so that a million rows of booleans are a few numbers; never
   * all at once. The repeats of a row are taken together.
   */
  pairedScores(
    first: EvaluationId,
    second: EvaluationId,
    options?: PairedScoresOptions,
  ): AsyncIterable<PairedPart>;
  /** What the calls of items that are not gone add up to, in the order of the models' names. */
  callTotals(evaluation: EvaluationId): Promise<readonly CallTotals[]>;
  /** The metrics that were stored with an evaluation, in the order of their first use. */
  metrics(evaluation: EvaluationId): Promise<readonly StoredMetric[]>;
  /**
   * Renames an experiment.
   *
   * @throws {DotevalsError} `no-experiment`, `experiment-exists` or `experiment-locked`
   */
  rename(from: string, to: string): Promise<void>;
  /**
   * Deletes an experiment with all that it holds.
   *
   * @throws {DotevalsError} `no-experiment` or `experiment-locked`
   */
  delete(name: string): Promise<void>;
  /**
   * Starts a session that may write to an experiment, made where it does not exist.
   *
   * @throws {DotevalsError} `experiment-locked` (exit 3) naming host, process and heartbeat of
   * the session that holds it; `unequal-shards` (exit 3) while it is run in another number of
   * shards
   */
  begin(
    experiment: string,
    holder: SessionHolder,
    options?: BeginOptions,
  ): Promise<StorageSession>;
}

/** One of the equal parts that an experiment's items are divided into by their keys. */
export interface Shard {
  /** Which part, from 1. */
  readonly index: number;
  /** Of how many. */
  readonly count: number;
}

/** Options of {@linkcode Storage.begin}. */
export interface BeginOptions {
  /**
   * The part of the items that the session runs. Sessions on different shards of one count may
   * write at the same time.
   *
   * @default {all of them: 1/1}
   */
  readonly shard?: Shard | undefined;
  /** Told what the user should know of the storage while the session lasts. */
  readonly onNotice?: (notice: StorageNotice) => void;
}

/** What the user should know of a storage. */
export interface StorageNotice {
  /** How much it matters. */
  readonly level: "info" | "warn";
  /** What there is to say. */
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Whether no more work should be started: its results could not be kept. */
  readonly stop?: boolean;
}

/** Who writes: shown to whoever finds the experiment in use. */
export interface SessionHolder {
  /** The machine's name. */
  readonly host: string;
  /** The process's id on that machine. */
  readonly pid: number;
  /** The version of dotevals. */
  readonly version: string;
  /** The version of Deno. */
  readonly denoVersion: string;
}

/** Which records to read. */
export interface RecordsOptions {
  /** Only those that ended with an error. */
  readonly errorsOnly?: boolean;
  /** Only those whose key begins with these hexadecimal digits. */
  readonly keyPrefix?: string | undefined;
}

/** Options of {@linkcode Storage.scoredItems}. */
export interface ScoredItemsOptions {
  /** Whether the items' rows are wanted. */
  readonly rows?: boolean;
}

/** What a metric is computed from: an item with its score, or with none as it ended with an error. */
export interface ScoredOutcome {
  /** The item; with its row where that was asked for. */
  readonly item: ScoredItem;
  /** The score's value; `undefined` where the item ended with an error. */
  readonly value: ScoreValue | undefined;
}

/** What became of a commit. */
export interface CommitOutcome {
  /** Records that are now stored because of this commit, or kept until the database has them. */
  readonly recorded: number;
  /** Records that were left out because the item already had a result without an error. */
  readonly doubled: number;
}

/** The only writer of results: one session on one experiment. */
export interface StorageSession extends AsyncDisposable {
  /** The session's number in this storage. */
  readonly id: number;
  /** Whether the experiment was made for it. */
  readonly isNew: boolean;
  /** The most results of one commit; the recorder groups results by it. */
  readonly commitSize: number;
  /**
   * The evaluation's newest generation, made where it does not exist. It is then `running`. The
   * definition's fingerprint replaces the one that is there while nothing is recorded and no
   * other session is at work on it.
   *
   * `fresh` makes a new generation; the older one stays until this one is complete.
   */
  evaluation(
    definition: EvaluationDefinition,
    options?: { readonly fresh?: boolean },
  ): Promise<StoredEvaluation>;
  /** The newest generation of an evaluation, without making one. */
  find(name: string, variant: string): Promise<StoredEvaluation | undefined>;
  /** Accepts another definition for what is already recorded. */
  keep(evaluation: EvaluationId, fingerprint: Fingerprint): Promise<void>;
  /** What is recorded of an evaluation, in pages of up to some ten thousand. */
  recorded(evaluation: EvaluationId): AsyncIterable<RecordedPage>;
  /**
   * Stores results, and definitions of metrics that are not there yet, in one transaction: all of
   * them, or, when it throws, none that was not stored before. Those for a remote database may be in
   * a spool file first.
   *
   * A result replaces one with an error; against a result without an error the first one wins. One
   * that is too large for the database becomes an error that says so; the others of its commit are
   * then stored in transactions of their own.
   *
   * @throws {DotevalsError} `lease-lost` when another session has taken over
   */
  commit(
    records: readonly ItemRecordDraft[],
    metrics?: readonly EvaluationMetrics[],
  ): Promise<CommitOutcome>;
  /**
   * Stores the values of metrics, as of the evaluation's revision now or of another one. A value
   * does not replace one that is as of a later revision.
   */
  storeMetrics(
    evaluation: EvaluationId,
    values: readonly (MetricDefinition & MetricValue)[],
    asOf?: MetricsAsOf,
  ): Promise<void>;
  /** Marks recorded items as gone, or as there again. */
  mark(
    evaluation: EvaluationId,
    items: readonly { readonly key: ItemKey; readonly repeat: number }[],
    gone: boolean,
  ): Promise<void>;
  /**
   * Says how this session's pass over an evaluation ended, and how many items the evaluation has
   * in all; returns the evaluation as it then is. It is complete once the passes of all its shards are, over as many items.
   */
  finish(
    evaluation: EvaluationId,
    status: "incomplete" | "complete",
    items: number,
  ): Promise<StoredEvaluation>;
  /** Deletes the older generations of an evaluation, whose newest one is complete. */
  dropOlder(evaluation: EvaluationId): Promise<void>;
  /** Notes which commit of the user's repository this session ran. */
  setGit(commit: string, dirty: boolean): Promise<void>;
  /** Waits, where need be, until there is room for results of new work. */
  room?(): Promise<void> | undefined;
  /**
   * Waits until all that was committed is where everybody sees it: a remote database may get
   * results later, from a spool file on this machine.
   *
   * @throws {DotevalsError} `results-spooled` (exit 3) when the database stays away, or `signal`
   * aborts; `lease-lost` when another session has taken over
   */
  settle(signal?: AbortSignal): Promise<void>;
  /** Ends the session and gives the experiment free; a second call does nothing. */
  close(): Promise<void>;
}
