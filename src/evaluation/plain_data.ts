/**
 * Tells data from objects that do something.
 *
 * @module
 */

const DATA_CLASSES = [Date, Map, Set, ArrayBuffer, Error, URL, RegExp] as const;

/** Deeper than this nobody looks. */
const DEEPEST = 32;

/**
 * Whether a value is data throughout: no functions, no symbols, no instances of a class, which
 * may hold connections and secrets.
 */
export function isPlainData(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) {
    return typeof value !== "function" && typeof value !== "symbol";
  }
  if (depth > DEEPEST) return false;
  const inside = (part: unknown) => isPlainData(part, depth + 1);
  if (Array.isArray(value)) return value.every(inside);
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    return Object.values(value).every(inside);
  }
  if (value instanceof Map) return Array.from(value).every(inside);
  if (value instanceof Set) return Array.from(value).every(inside);
  return ArrayBuffer.isView(value) || DATA_CLASSES.some((known) => value instanceof known);
}
