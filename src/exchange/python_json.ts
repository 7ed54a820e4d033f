/**
 * JSON as Python writes it: with `NaN` and infinities, which JSON lacks.
 *
 * @module
 */

const TOKEN = /"(?:[^"\\]|\\.)*"|\bNaN\b|-?\bInfinity\b/g;

/** Stands for a number while JSON is parsed; no text of the file begins so. */
const MARK = "\u0000number:";

/**
 * The value that a text stands for; a tuple is a list.
 *
 * @throws {SyntaxError} where it is not JSON, even Python's
 */
export function parsePython(text: string): unknown {
  return JSON.parse(
    text.replace(TOKEN, (token) => token.startsWith('"') ? token : JSON.stringify(MARK + token)),
    (_key, value: unknown) => {
      if (typeof value === "string" && value.startsWith(MARK)) {
        return Number(value.slice(MARK.length));
      }
      return isTuple(value) ? value.data : value;
    },
  );
}

function isTuple(value: unknown): value is { readonly data: readonly unknown[] } {
  return typeof value === "object" && value !== null && "__type__" in value &&
    value.__type__ === "tuple" && "data" in value && Array.isArray(value.data);
}
