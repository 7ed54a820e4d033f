/**
 * Rows of a query as objects.
 *
 * @module
 */
import { plainNumbers } from "./plain_numbers.ts";

/**
 * Makes objects of a query's rows.
 *
 * @throws {Error} if two columns have one name
 */
export function rowMaker(
  columns: readonly string[],
): (values: ArrayLike<unknown>) => Record<string, unknown> {
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two columns are named ${JSON.stringify(twice)}`);
  return (values) =>
    Object.fromEntries(columns.map((name, index) => [name, valueOf(values[index])]));
}

function valueOf(value: unknown): unknown {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return value instanceof Uint8Array ? new Uint8Array(value) : plainNumbers(value);
}
