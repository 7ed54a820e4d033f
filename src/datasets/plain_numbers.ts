/**
 * Whole numbers of 64 bits as JavaScript has them.
 *
 * @module
 */

/** The value with its bigints as numbers, where these are exact: a row read from JSON has them too. */
export function plainNumbers(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(plainNumbers);
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, plainNumbers(inner)]),
  );
}
