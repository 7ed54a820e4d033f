/**
 * The end of one evaluation's variant: rows that are gone, metrics, status.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import type { ItemTable } from "../plan/identity.ts";
import { isInShard } from "../plan/shard.ts";
import type { CallTotals } from "../storage/recorded_call.ts";
import { itemsOf, type RecordedKey } from "../storage/recorded_page.ts";
import type { EvaluationId } from "../storage/stored_evaluation.ts";
import type { EvaluationEnd, EvaluationRef, FinalMetric, OwnItems } from "./events.ts";
import { finalMetrics } from "./final_metrics.ts";
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
  /** What of it is this session's shard; `undefined` where the session ran all of it. */
  readonly own: OwnItems | undefined;
  readonly metrics: readonly FinalMetric[];
  readonly calls: readonly CallTotals[];
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** Whether `items` is all of them: else those that were met. */
  readonly isCounted: boolean;
  /** What it failed with, or what ended it early. */
  readonly failure: unknown;
}

/** What is known when a variant's last item is done. */
export interface FinishOptions {
  readonly index: number;
  readonly end: EvaluationEnd;
  readonly failure: { readonly error: unknown } | undefined;
  readonly items: number;
  /** Whether these are all of them. */
  readonly isCounted: boolean;
  /** Those of them that are in the session's shard; all without one. */
  readonly ownItems: number;
  /** Whether every row of the dataset was seen. */
  readonly passComplete: boolean;
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
  await run.ready;
  await markGone(session, run, options);
  const [metrics, calls] = await Promise.all([
    finalMetrics(session, run),
    session.storage.callTotals(id),
  ]);
  const status = options.end === "complete" ? "complete" : "incomplete";
  const now = await session.writer.finish(id, status, options.items);
  // Older results are worth keeping until there are as good ones, from all shards.
  const replaced = options.passComplete && now.status === "complete" && now.errors === 0 &&
    now.generation > 1;
  if (replaced) await session.writer.dropOlder(id);
  const outcome: EvaluationOutcome = {
    id,
    evaluation: run.ref,
    end: options.end,
    items: now.items,
    completed: now.completed,
    errors: now.errors,
    gone: now.gone,
    own: session.shard &&
      { items: options.ownItems, completed: run.completed, errors: run.errors },
    metrics,
    calls,
    durationMs: options.durationMs,
    isCounted: options.isCounted,
    failure: options.failure?.error,
  };
  const { failure: _failure, id: _id, isCounted: _isCounted, ...shown } = outcome;
  session.emit({
    type: "evaluation-finished",
    ...shown,
    reason: options.end === "failed" && options.failure
      ? reasonOf(options.failure.error)
      : undefined,
  });
  return outcome;
}

/**
 * Marks recorded items whose row is back in the dataset, and, where every row was seen, those
 * whose row has left it. A shard does so with its own items.
 */
async function markGone(session: Session, run: VariantRun, options: FinishOptions): Promise<void> {
  const { table, index, passComplete } = options;
  const mayBeGone = passComplete && table.unseen(index) > 0;
  if (run.stored.gone === 0 && !mayBeGone) return;
  const gone: RecordedKey[] = [];
  const back: RecordedKey[] = [];
  for await (const page of session.writer.recorded(run.stored.id)) {
    for (const item of itemsOf(page)) {
      if (session.shard && !isInShard(item.key, session.shard)) continue;
      const seen = table.isSeen(item.key, index, item.repeat);
      if (seen && item.gone) back.push(item);
      else if (!seen && !item.gone && passComplete) gone.push(item);
    }
  }
  if (gone.length > 0) await session.writer.mark(run.stored.id, gone, true);
  if (back.length > 0) await session.writer.mark(run.stored.id, back, false);
  run.moved({ gone, back });
}

/** Why an evaluation failed, in a line. */
function reasonOf(failure: unknown): string {
  return failure instanceof DotevalsError && failure.hint
    ? `${failure.message}${/[.!?]$/.test(failure.message) ? "" : "."} ${failure.hint}`
    : messageOf(failure);
}
