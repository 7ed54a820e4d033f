/**
 * An item's outcome as the record that is stored.
 *
 * @module
 */
import type { Result } from "../evaluation/result.ts";
import type { Item } from "../plan/items.ts";
import type { EvaluationId, ItemRecordDraft, RecordedScore } from "../storage/storage.ts";
import { encode } from "../values/tagged.ts";
import type { ItemOutcome } from "./item_outcome.ts";
import type { CallNotes } from "./call_notes.ts";
import { recordedError } from "./recorded_error.ts";

/** When an item ran, and how. */
export interface ItemTiming {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly notes: CallNotes;
  /** Whether the calls are this item's: those of a batch are its first item's. */
  readonly ownsCalls: boolean;
}

/**
 * The record of an item. A part that has no stored form makes it a record with an error
 * which names the part.
 */
export function recordOf(
  evaluation: EvaluationId,
  item: Item,
  outcome: ItemOutcome,
  timing: ItemTiming,
): ItemRecordDraft {
  const { startedAt, durationMs, notes, ownsCalls } = timing;
  const { key, repeat, position } = item;
  const base = {
    evaluation,
    key,
    repeat,
    position,
    startedAt,
    durationMs,
    attempts: notes.attempts,
    metadata: undefined,
    scores: [],
  };
  const { row } = item;
  const calls = (own: Pick<ItemRecordDraft, "prompt" | "response">) =>
    ownsCalls ? notes.recorded(own) : [];
  try {
    const parts = "result" in outcome
      ? partsOf(outcome.result, notes)
      : { ...notes.last(), error: recordedError(outcome.thrown) };
    return { ...base, row, ...parts, calls: calls(parts) };
  } catch (thrown) {
    const none = { prompt: undefined, response: undefined };
    return { ...base, row, ...none, error: recordedError(thrown), calls: calls(none) };
  }
}

function partsOf(result: Result, notes: CallNotes) {
  const { error, metadata } = result;
  return {
    ...notes.last(),
    ...result.prompt !== undefined && { prompt: encode(result.prompt, "prompt") },
    ...result.response !== undefined && { response: encode(result.response, "response") },
    error: error === undefined || error === null ? undefined : recordedError(error),
    metadata: metadata === undefined ? undefined : encode(metadata, "metadata"),
    scores: error === undefined || error === null ? result.scores.map(scoreOf) : [],
  };
}

function scoreOf({ name, value, metadata }: Result["scores"][number]): RecordedScore {
  const empty = Object.keys(metadata).length === 0;
  return {
    name,
    value,
    metadata: empty ? undefined : encode(metadata, `metadata of the score "${name}"`),
  };
}
