/**
 * The tagged form of what is not an object.
 *
 * @module
 */
import { type Frame, unstorable } from "./_frame.ts";

/** The key that marks a tagged value. */
export const TAG = "$type";

/**
 * The JSON structure of a value that is no object.
 *
 * @throws {EncodingError} for functions and symbols
 */
export function taggedScalar(value: unknown, frame: Frame): unknown {
  switch (typeof value) {
    case "number":
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { [TAG]: "number", value: Object.is(value, -0) ? "-0" : String(value) };
    case "undefined":
      return { [TAG]: "undefined" };
    case "bigint":
      return { [TAG]: "bigint", value: String(value) };
    case "function":
      throw unstorable(frame, `a function${value.name === "" ? "" : ` (${value.name})`}`);
    case "symbol":
      throw unstorable(frame, "a symbol");
    default:
      return value;
  }
}

/** What a `new String("…")` and the like stand for; anything else stands for itself. */
export function unboxed(value: object): unknown {
  return value instanceof String || value instanceof Number || value instanceof Boolean
    ? value.valueOf()
    : value;
}
