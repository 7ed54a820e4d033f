/**
 * The values that scores can have.
 *
 * @module
 */

/** What a score can be. */
export type ScoreValue = boolean | number | string | {
  readonly [name: string]: boolean | number | string | null;
};

/** Whether `value` can be a score's value. */
export function isScoreValue(value: unknown): value is ScoreValue {
  if (isPart(value)) return value !== null;
  if (typeof value !== "object" || value === null) return false;
  // A promise, a date or a map has no properties that say what it is.
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain && !Array.isArray(value) && Object.values(value).every(isPart);
}

function isPart(value: unknown): value is boolean | number | string | null {
  return value === null || ["boolean", "number", "string"].includes(typeof value);
}
