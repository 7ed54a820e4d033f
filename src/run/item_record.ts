/**
 * An item's outcome as the record that is stored.
 *
 * @module
 */
import type { Result } from "../evaluation/result.ts";
import type { Item } from "../plan/items.ts";
import type { EvaluationId } from "../storage/stored_evaluation.ts";
import type { ItemRecordDraft, RecordedScore } from "../storage/stored_record.ts";
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
  const { row } = item;
  const made = (parts: RecordParts): ItemRecordDraft => ({
    evaluation,
    key,
    repeat,
    position,
    startedAt,
    durationMs,
    attempts: notes.attempts,
    row,
    prompt: parts.prompt,
    response: parts.response,
    metadata: parts.metadata,
    error: parts.error,
    scores: parts.scores ?? [],
    calls: ownsCalls ? notes.recorded(parts) : [],
  });
  try {
    return made(
      "result" in outcome
        ? partsOf(outcome.result, notes)
        : { ...notes.last(), error: recordedError(outcome.thrown) },
    );
  } catch (thrown) {
    return made({ prompt: undefined, response: undefined, error: recordedError(thrown) });
  }
}

/** What an outcome says; the rest of a record is known without it. */
type RecordParts =
  & Pick<ItemRecordDraft, "prompt" | "response" | "error">
  & Partial<Pick<ItemRecordDraft, "metadata" | "scores">>;

function partsOf(result: Result, notes: CallNotes): RecordParts {
  const { error, metadata } = result;
  const { prompt, response } = notes.last();
  const hasError = error !== undefined && error !== null;
  return {
    prompt: result.prompt === undefined ? prompt : encode(result.prompt, "prompt"),
    response: result.response === undefined ? response : encode(result.response, "response"),
    error: hasError ? recordedError(error) : undefined,
    metadata: metadata === undefined ? undefined : encode(metadata, "metadata"),
    scores: hasError ? [] : result.scores.map(scoreOf),
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
