/**
 * One evaluation under one variant while it runs: its counts and running sums.
 *
 * @module
 */
import type { Metric, ScoreAggregate } from "../evaluation/metric.ts";
import type { Score } from "../evaluation/score.ts";
import { metricInterval } from "../metrics/metric_interval.ts";
import { RunningSums } from "../metrics/running_sums.ts";
import type { Variant } from "../plan/variants.ts";
import { canonical } from "../values/canonical.ts";
import type { RecordedKey } from "../storage/recorded_page.ts";
import type { StoredEvaluation } from "../storage/stored_evaluation.ts";
import type { MetricDefinition } from "../storage/stored_metric.ts";
import type { ItemRecordDraft, RecordedScore } from "../storage/stored_record.ts";
import { CallTally } from "./call_tally.ts";
import type { EvaluationRef, RunEvent, RunningMetric } from "./events.ts";

/** What earlier sessions recorded of an evaluation under one variant. */
export interface RecordedBefore {
  readonly variant: Variant;
  readonly stored: StoredEvaluation;
  /** Items of this session's part that are recorded, and those among them that failed. */
  readonly counts: { readonly completed: number; readonly errors: number };
  /** Running sums by score; `undefined` where nothing is recorded. */
  readonly sums: Promise<ReadonlyMap<string, ScoreAggregate>> | undefined;
}

/** Counts, running sums and known metrics of one evaluation under one variant. */
export class VariantRun {
  /** How events name it. */
  readonly ref: EvaluationRef;
  /** What it is bound to. */
  readonly variant: Variant;
  /** Where it is stored. */
  readonly stored: StoredEvaluation;
  /** Metrics by the name of the score that brought them. */
  readonly metrics: Map<string, readonly Metric[]> = new Map();
  /** What of it is under way. */
  readonly tally: CallTally = new CallTally();
  /** Items with a committed result. */
  completed: number;
  /** Those among them that ended with an error. */
  errors: number;
  /** Fulfilled once it knows the sums of earlier sessions: no item is to run before. */
  readonly ready: Promise<void>;
  /** Why it cannot run. */
  failure: { readonly error: unknown } | undefined;

  /** Items of other shards that ended with an error before this session. */
  readonly #otherErrors: number;
  #before: ReadonlyMap<string, ScoreAggregate> = new Map();
  readonly #sums = new Map<string, RunningSums>();
  readonly #failedBefore = new WeakSet<ItemRecordDraft>();

  /** Goes on from what earlier sessions recorded. */
  constructor(ref: EvaluationRef, { variant, stored, counts, sums }: RecordedBefore) {
    this.ref = ref;
    this.variant = variant;
    this.stored = stored;
    this.completed = counts.completed;
    this.errors = counts.errors;
    this.#otherErrors = Math.max(0, stored.errors - counts.errors);
    this.ready = this.#goOnFrom(sums);
    // What goes wrong is thrown to whoever waits for it.
    this.ready.catch(() => {});
  }

  async #goOnFrom(sums: RecordedBefore["sums"]): Promise<void> {
    if (sums === undefined) return;
    this.#before = await sums;
    for (const [score, before] of this.#before) this.#sums.set(score, new RunningSums(before));
  }

  /** Takes in that rows of recorded items have left the dataset, or are back in it. */
  moved({ gone, back }: { readonly [where in "gone" | "back"]: readonly RecordedKey[] }): void {
    this.completed += back.length - gone.length;
    this.errors += failedAmong(back) - failedAmong(gone);
  }

  /** Remembers that a record takes the place of one with an error. */
  replaces(record: ItemRecordDraft): void {
    this.#failedBefore.add(record);
  }

  /** Whether the scores of a name, and the errors, are what they were before this session. */
  isUnchanged(score: string, now: ScoreAggregate): boolean {
    const before = this.#before.get(score);
    return before !== undefined && before.count === now.count && before.errors === now.errors;
  }

  /** Takes in the metrics that a score brings; returns those that were not known. */
  learn(score: Score): readonly MetricDefinition[] {
    const known = this.metrics.get(score.name);
    if (known === score.metrics) return [];
    const identities = new Set(known?.map(identityOf));
    const added = score.metrics.filter((metric) => !identities.has(identityOf(metric)));
    if (known && added.length === 0) return [];
    this.metrics.set(score.name, known ? [...known, ...added] : score.metrics);
    return added.map(({ name, parameters }) => ({ score: score.name, metric: name, parameters }));
  }

  /** Takes in what is now stored; O(1) for each record. */
  committed(records: readonly ItemRecordDraft[]): void {
    for (const record of records) {
      if (this.#failedBefore.has(record)) this.errors--;
      else this.completed++;
      if (record.error) this.errors++;
      for (const score of record.scores) this.#add(score, record.repeat);
    }
  }

  /** Takes in what is now stored, and says so. */
  commit(records: readonly ItemRecordDraft[]): RunEvent {
    this.committed(records);
    const { ref: evaluation, completed, errors } = this;
    const metrics = this.running();
    return { type: "items-committed", evaluation, records, completed, errors, metrics };
  }

  /** Where the metrics stand that running sums suffice for. */
  running(): readonly RunningMetric[] {
    const shown: RunningMetric[] = [];
    for (const [score, metrics] of this.metrics) {
      const sums = this.#sums.get(score);
      if (!sums) continue;
      for (const { name, fromAggregate } of metrics) {
        if (!fromAggregate) continue;
        const aggregate = sums.aggregate(this.errors + this.#otherErrors);
        const { value } = fromAggregate(aggregate);
        shown.push({ score, metric: name, value, interval: metricInterval(name, aggregate) });
      }
    }
    return shown;
  }

  #add({ name, value }: RecordedScore, repeat: number): void {
    let sums = this.#sums.get(name);
    if (!sums) {
      sums = new RunningSums();
      this.#sums.set(name, sums);
    }
    sums.add(value, repeat);
  }
}

function failedAmong(items: readonly RecordedKey[]): number {
  return items.filter(({ failed }) => failed).length;
}

function identityOf({ name, parameters }: Metric): string {
  return canonical([name, parameters]);
}
