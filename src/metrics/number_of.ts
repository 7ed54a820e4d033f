/**
 * Scores as numbers.
 *
 * @module
 */
import type { ScoreValue } from "../evaluation/score_value.ts";

/** A score as a number: `true` is 1 and `false` 0; `undefined` for texts and records. */
export function numberOf(value: ScoreValue): number | undefined {
  return typeof value === "number" || typeof value === "boolean" ? Number(value) : undefined;
}

/** A number that was computed; `null` where it is none, or not finite. */
export function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
