/**
 * Results of items as a storage keeps them.
 *
 * @module
 */
import type { ScoreValue } from "../evaluation/score_value.ts";
import type { RecordedCall } from "./recorded_call.ts";
import type { EvaluationId } from "./stored_evaluation.ts";

/** The identity of an item's row: 32 hexadecimal digits. */
export type ItemKey = string & { readonly of: "item" };

/** A score of a recorded item. */
export interface RecordedScore {
  /** The name. */
  readonly name: string;
  /** The value. */
  readonly value: ScoreValue;
  /** Encoded; `undefined` where there is none. */
  readonly metadata: string | undefined;
}

/** How an item failed. */
export interface RecordedError {
  /** The error's class: `TypeError`, `RateLimitError`, … */
  readonly name: string;
  /** What went wrong. */
  readonly message: string;
  /** Where it was thrown, where that is known. */
  readonly stack: string | undefined;
}

/** What one item produced, ready to be stored. */
export interface ItemRecordDraft {
  /** The evaluation that it belongs to. */
  readonly evaluation: EvaluationId;
  /** The identity of the item's row. */
  readonly key: ItemKey;
  /** From 0. */
  readonly repeat: number;
  /** The row's place in the dataset, from 0. */
  readonly position: number;
  /** The row, encoded. */
  readonly row: string;
  /** What the model was asked, encoded. */
  readonly prompt: string | undefined;
  /** What the model answered, encoded. */
  readonly response: string | undefined;
  /** How it failed, where it did. */
  readonly error: RecordedError | undefined;
  /** Encoded; `undefined` where there is none. */
  readonly metadata: string | undefined;
  /** The most attempts that one of its model calls took. */
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** Its scores. */
  readonly scores: readonly RecordedScore[];
  /** Its calls of models, in the order in which they began; those of a batch are its first item's. */
  readonly calls: readonly RecordedCall[];
}

/** What one item produced, as stored. */
export interface StoredRecord extends ItemRecordDraft {
  /** Whether its row has left the dataset. */
  readonly gone: boolean;
}
