/**
 * Numbers with a fraction on their way into a column, to the last bit.
 *
 * SQLite reads about one in ten thousand decimals of 17 digits as the number beside it. A whole
 * number and a power of two, of which the number is the quotient, are exact.
 *
 * @module
 */
import type { SqlValue } from "./sql.ts";

/** Bits that hold the power. */
const POWER_BITS = 7;

/** The largest power: two shifts of a 64-bit number. */
const LARGEST_POWER = 124;

/** The largest shift that leaves a positive number. */
const SHIFT = 62;

/** A number as it travels: itself where it is whole, else a text for {@linkcode exactReal}. */
export function toExact(value: SqlValue): SqlValue {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const quotient = quotientOf(value);
  if (quotient === undefined) return value;
  const { whole, power } = quotient;
  return String(BigInt(whole) << BigInt(POWER_BITS) | BigInt(power));
}

/** Whether a number travels exactly; those of absurd sizes may arrive one bit off. */
export function isExact(value: number): boolean {
  return Number.isSafeInteger(value) || quotientOf(value) !== undefined;
}

/** The SQL expression of the number whose {@linkcode toExact} another expression gives. */
export function exactReal(expression: string): string {
  const packed = `CAST(${expression} AS INTEGER)`;
  const power = `(${packed} & ${2 ** POWER_BITS - 1})`;
  return `iif(typeof(${expression}) = 'text', (${packed} >> ${POWER_BITS}) * 1.0
    / (1 << min(${power}, ${SHIFT})) / (1 << max(${power} - ${SHIFT}, 0)), ${expression})`;
}

/** The smallest power that makes it whole; `undefined` where that does not fit. */
function quotientOf(value: number): { whole: number; power: number } | undefined {
  let [whole, power] = [value, 0];
  while (!Number.isInteger(whole) && power < LARGEST_POWER) {
    whole *= 2;
    power++;
  }
  return Number.isSafeInteger(whole) ? { whole, power } : undefined;
}
