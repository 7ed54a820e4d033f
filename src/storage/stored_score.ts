/**
 * A score's value in two columns: `number` for SQL to add up, `value` for what a number
 * alone does not give back.
 *
 * @module
 */
import type { ScoreValue } from "../evaluation/score_value.ts";
import { decode, encode } from "../values/tagged.ts";

/** What a score's value is, in the column `kind`. */
export type ScoreKind = "boolean" | "number" | "string" | "record";

/** A score's value as stored. */
export interface StoredValue {
  readonly kind: ScoreKind;
  /** `true` is 1 and `false` 0; `null` for texts, records, `NaN` and the infinities. */
  readonly number: number | null;
  /** Tagged JSON; `null` where kind and number suffice. */
  readonly value: string | null;
}

/** Whole numbers below it survive as JSON that SQLite prints (15 digits). */
const PRINTED_EXACTLY = 1e15;

/** A number in two columns: itself where SQL can compute with it, its text where that is not exact. */
export function toStoredNumber(number: number): Pick<StoredValue, "number" | "value"> {
  const exact = Number.isInteger(number) && Math.abs(number) < PRINTED_EXACTLY &&
    !Object.is(number, -0);
  return {
    number: Number.isFinite(number) ? number : null,
    value: exact ? null : encode(number),
  };
}

/** A score's value in columns. */
export function toStoredValue(value: ScoreValue): StoredValue {
  switch (typeof value) {
    case "boolean":
      return { kind: "boolean", number: value ? 1 : 0, value: null };
    case "number":
      return { kind: "number", ...toStoredNumber(value) };
    case "string":
      return { kind: "string", number: null, value: encode(value) };
    default:
      return { kind: "record", number: null, value: encode(value) };
  }
}

/** Undoes {@linkcode toStoredValue}. */
export function fromStoredValue(stored: StoredValue): ScoreValue {
  if (stored.value === null) {
    return stored.kind === "boolean" ? stored.number === 1 : stored.number ?? 0;
  }
  return decode(stored.value) as ScoreValue;
}
