/**
 * Scores: named values that say how good an output is.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import type { Metric } from "./metric.ts";
import type { ScoreValue } from "./score_value.ts";

/** The brand of a score; its value is the protocol's version. */
export const SCORE: unique symbol = Symbol.for("dotevals.score");

/** A named value, the metrics that aggregate it, and metadata. */
export interface Score {
  /** The protocol's version. */
  readonly [SCORE]: 1;
  /** The name that results show. */
  readonly name: string;
  /** The value. */
  readonly value: ScoreValue;
  /** What aggregates the scores of this name. */
  readonly metrics: readonly Metric[];
  /** What else is worth keeping, such as what was compared. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What its evaluator threw, where it did; the value is then `{ error }`, a text. */
  readonly error?: unknown;
}

/** What {@linkcode score} takes beside a name and a value. */
export interface ScoreOptions {
  /**
   * What aggregates the scores of this name.
   *
   * @default {[]}
   */
  readonly metrics?: readonly Metric[];
  /**
   * What else is worth keeping.
   *
   * @default {{}}
   */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Makes a score.
 *
 * @example
 * ```ts
 * import { mean, score } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const length = score("length", "four".length, { metrics: [mean()] });
 * assertEquals(length.value, 4);
 * ```
 */
export function score(name: string, value: ScoreValue, options: ScoreOptions = {}): Score {
  return {
    [SCORE]: 1,
    name,
    value,
    metrics: options.metrics ?? [],
    metadata: options.metadata ?? {},
  };
}

/**
 * The score of an evaluator that threw. Its value is a record, which `accuracy` counts as wrong and
 * which numbers' metrics leave out, as they do with items that ended with an error.
 */
export function failedScore(name: string, thrown: unknown, options: ScoreOptions = {}): Score {
  const kind = thrown instanceof Error && typeof thrown.name === "string" ? thrown.name : "Error";
  const value = { error: `${kind}: ${messageOf(thrown)}` };
  return { ...score(name, value, options), error: thrown ?? new Error(value.error) };
}

/** Whether `value` is a score, of this copy of the library or another. */
export function isScore(value: unknown): value is Score {
  return typeof value === "object" && value !== null && SCORE in value;
}
