/**
 * The end of one evaluation's variant: rows that are gone, metrics, status.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import type { Metric } from "../evaluation/metric.ts";
import { builtinMetric } from "../metrics/builtin.ts";
import type { ItemTable } from "../plan/identity.ts";
import type { Shard } from "../plan/shard.ts";
import type { EvaluationId, RecordedKey, StoredMetric } from "../storage/storage.ts";
import type { EvaluationEnd, EvaluationRef, FinalMetric } from "./events.ts";
import type { Session } from "./session.ts";
import type { VariantRun } from "./variant_run.ts";

/** How one evaluation under one variant ended. */
export interface EvaluationOutcome {
  readonly id: EvaluationId;
  readonly evaluation: EvaluationRef;
  readonly end: EvaluationEnd;
  readonly items: number;
  readonly completed: number;
  readonly errors: number;
  readonly gone: number;
  readonly metrics: readonly FinalMetric[];
  /** What it failed with. */
  readonly failure: unknown;
}

/** What is known when a variant's last item is done. */
export interface FinishOptions {
  readonly index: number;
  readonly end: EvaluationEnd;
  readonly failure: unknown;
  readonly items: number;
  /** Whether every row of the dataset was seen. */
  readonly passComplete: boolean;
  /** The part of the items that was run. */
  readonly shard: Shard | undefined;
  readonly table: ItemTable;
  readonly durationMs: number;
}

/** Closes the books on a variant, and says so. */
export async function finishVariant(
  session: Session,
  run: VariantRun,
  options: FinishOptions,
): Promise<EvaluationOutcome> {
  const { id } = run.stored;
  await session.settle();
  if (options.passComplete) await markGone(session, run, options);
  const metrics = await finalMetrics(session, run);
  const status = await statusOf(session, run, options);
  await session.writer.finish(id, status, options.items);
  if (options.passComplete && run.stored.generation > 1) await session.writer.dropOlder(id);
  const now = await session.writer.find(run.stored.name, run.stored.variant) ?? run.stored;
  const outcome: EvaluationOutcome = {
    id,
    evaluation: run.ref,
    end: options.end,
    items: now.items,
    completed: now.completed,
    errors: now.errors,
    gone: now.gone,
    metrics,
    failure: options.failure,
  };
  const { failure: _failure, id: _id, ...shown } = outcome;
  session.emit({
    type: "evaluation-finished",
    ...shown,
    durationMs: options.durationMs,
    reason: options.failure === undefined ? undefined : reasonOf(options.failure),
  });
  return outcome;
}

/** Shards complete each other: the one that finds all items recorded says so. */
async function statusOf(
  session: Session,
  run: VariantRun,
  { end, shard, items }: FinishOptions,
): Promise<"complete" | "incomplete"> {
  if (end !== "complete") return "incomplete";
  if (!shard) return "complete";
  const now = await session.writer.find(run.stored.name, run.stored.variant);
  return (now?.completed ?? 0) >= items ? "complete" : "incomplete";
}

/** Marks recorded items whose row has left the dataset, and those whose row is back. */
async function markGone(session: Session, run: VariantRun, options: FinishOptions): Promise<void> {
  const { table, index } = options;
  if (run.stored.gone === 0 && table.unseen(index) === 0) return;
  const gone: RecordedKey[] = [];
  const back: RecordedKey[] = [];
  for await (const page of session.writer.recorded(run.stored.id)) {
    for (const item of page) {
      const seen = table.isSeen(item.key, index, item.repeat);
      if (seen === item.gone) (seen ? back : gone).push(item);
    }
  }
  if (gone.length > 0) await session.writer.mark(run.stored.id, gone, true);
  if (back.length > 0) await session.writer.mark(run.stored.id, back, false);
}

/** All metrics from what is stored; those that need the scores are stored with their value. */
async function finalMetrics(session: Session, run: VariantRun): Promise<readonly FinalMetric[]> {
  const { id } = run.stored;
  const definitions = await session.storage.metrics(id);
  const sums = await session.storage.aggregates(id);
  const final: FinalMetric[] = [];
  const computed: (Pick<StoredMetric, "score" | "metric" | "parameters"> & FinalMetric)[] = [];
  for (const definition of definitions) {
    const { score, metric } = definition;
    const known = metricOf(run, definition);
    const aggregate = sums.get(score);
    if (known?.fromAggregate && aggregate) {
      final.push({ score, metric, ...known.fromAggregate(aggregate) });
    } else if (known) {
      const state = known.start();
      for await (const value of session.storage.scoreValues(id, score)) state.add(value);
      const value = state.result(aggregate?.errors ?? run.errors);
      final.push({ score, metric, ...value });
      computed.push({ ...definition, ...value });
    } else if (definition.computed) {
      const { value, details, revision } = definition.computed;
      const kept = { score, metric, value, ...details !== undefined && { details } };
      final.push(kept);
      // A function that only the user's code has is not needed where its scores are the same.
      const same = revision === run.stored.revision && aggregate &&
        run.isUnchanged(score, aggregate);
      if (same) computed.push({ ...definition, ...kept });
    }
  }
  if (computed.length > 0) await session.writer.storeMetrics(id, computed);
  return final;
}

/** The metric as the evaluation's code brought it, or as this library knows it. */
function metricOf(
  run: VariantRun,
  { score, metric, parameters }: StoredMetric,
): Metric | undefined {
  return run.metrics.get(score)?.find(({ name }) => name === metric) ??
    builtinMetric(metric, parameters);
}

/** Why an evaluation failed, in a line. */
function reasonOf(failure: unknown): string {
  return failure instanceof DotevalsError && failure.hint
    ? `${failure.message} ${failure.hint}`
    : messageOf(failure);
}
