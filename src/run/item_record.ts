/**
 * An item's outcome as the record that is stored.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import type { Result } from "../evaluation/result.ts";
import type { Item } from "../plan/items.ts";
import type { ModelResponse } from "../providers/model.ts";
import type {
  EvaluationId,
  ItemRecordDraft,
  RecordedError,
  RecordedScore,
} from "../storage/storage.ts";
import { encode } from "../values/tagged.ts";
import type { ItemOutcome } from "./item_outcome.ts";
import type { CallNotes } from "./model_calls.ts";

/** When an item ran, and how. */
export interface ItemTiming {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly notes: CallNotes;
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
  const { startedAt, durationMs, notes } = timing;
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
  try {
    const parts = "result" in outcome
      ? partsOf(outcome.result, notes)
      : { ...callParts(notes), error: errorOf(outcome.thrown) };
    return { ...base, row, ...parts };
  } catch (thrown) {
    return { ...base, row, prompt: undefined, response: undefined, error: errorOf(thrown) };
  }
}

function partsOf(result: Result, notes: CallNotes) {
  const { error, metadata } = result;
  return {
    ...callParts(notes),
    ...result.prompt !== undefined && { prompt: encode(result.prompt, "prompt") },
    ...result.response !== undefined && { response: encode(result.response, "response") },
    error: error === undefined || error === null ? undefined : errorOf(error),
    metadata: metadata === undefined ? undefined : encode(metadata, "metadata"),
    scores: error === undefined || error === null ? result.scores.map(scoreOf) : [],
  };
}

/** What the item's last call asked and answered. */
function callParts({ last }: CallNotes) {
  return {
    prompt: last && encode(last.request, "prompt"),
    response: last?.response && encode(answerOf(last.response), "response"),
  };
}

/** The text, where an answer is no more than that. */
function answerOf({ text, parsed, toolCalls }: ModelResponse): unknown {
  if (parsed === undefined && !toolCalls?.length) return text;
  return {
    text,
    ...parsed !== undefined && { parsed },
    ...toolCalls?.length && { toolCalls },
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

/** The stored form of anything that was thrown. */
function errorOf(thrown: unknown): RecordedError {
  return {
    name: textOf(thrown, "name") ?? "Error",
    message: messageOf(thrown),
    stack: textOf(thrown, "stack"),
  };
}

/** A text that an error has under a name: what is thrown may have anything there, or throw again. */
function textOf(thrown: unknown, name: "name" | "stack"): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  try {
    const text: unknown = thrown[name];
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}
