/**
 * Events as a session emits them, for tests of what consumes them.
 *
 * @module
 */
import type { EvaluationEnd, EvaluationRef, RunEvent } from "../../run/events.ts";
import type { EvaluationId } from "../../storage/stored_evaluation.ts";
import type { ItemKey, ItemRecordDraft } from "../../storage/stored_record.ts";

/** An evaluation to make events of. */
export function ref(name: string, variant: Readonly<Record<string, unknown>> = {}): EvaluationRef {
  const bindings = Object.entries(variant).map(([key, value]) => `${key}=${value}`).join(", ");
  return { name, variant, label: bindings === "" ? name : `${name} [${bindings}]` };
}

/** The record of one item. */
export function record(position: number, more: Partial<ItemRecordDraft> = {}): ItemRecordDraft {
  return {
    evaluation: 1 as EvaluationId,
    key: String(position).padStart(32, "0") as ItemKey,
    repeat: 0,
    position,
    row: "{}",
    prompt: undefined,
    response: undefined,
    error: undefined,
    metadata: undefined,
    attempts: 1,
    startedAt: 0,
    durationMs: 5,
    scores: [],
    calls: [],
    ...more,
  };
}

/** The start of an evaluation. */
export function started(
  evaluation: EvaluationRef,
  items: number | undefined,
  { recorded = 0, failed = 0 } = {},
): RunEvent {
  return { type: "evaluation-started", evaluation, items, recorded, failed };
}

/** The commit of some items, the score `exactMatch` standing at `accuracy`. */
export function committed(
  evaluation: EvaluationRef,
  count: number,
  { completed = count, errors = 0, accuracy = 0.85 } = {},
): RunEvent {
  return {
    type: "items-committed",
    evaluation,
    records: Array.from({ length: count }, (_, index) => record(index)),
    completed,
    errors,
    metrics: [{ score: "exactMatch", metric: "accuracy", value: accuracy }],
  };
}

/** The end of an evaluation. */
export function finished(
  evaluation: EvaluationRef,
  items: number,
  { end = "complete" as EvaluationEnd, completed = items, errors = 0, durationMs = 1_000 } = {},
): RunEvent {
  return {
    type: "evaluation-finished",
    evaluation,
    end,
    items,
    completed,
    errors,
    gone: 0,
    durationMs,
    metrics: [{ score: "exactMatch", metric: "accuracy", value: 0.9 }],
    calls: [],
  };
}
