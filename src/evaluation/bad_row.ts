/**
 * Bad rows: what a dataset yields in the place of a row that it cannot read.
 *
 * @module
 */

/** The brand of a bad row; it holds why, and what there was to read. */
export const BAD_ROW: unique symbol = Symbol.for("dotevals.badRow");

/** Stands where a row cannot be read; becomes an item with this error. */
export interface BadRow {
  /** Why the row cannot be read, and its text, which is its identity. */
  readonly [BAD_ROW]: { readonly protocol: 1; readonly error: Error; readonly text: string };
}

/**
 * Makes a bad row: the run records `error` for it and goes on with the next row.
 *
 * Whoever reads a column of it, in a generator that changes rows for example, gets the error
 * thrown, not `undefined`.
 */
export function badRow(error: Error, text: string): BadRow {
  return new Proxy<BadRow>({ [BAD_ROW]: { protocol: 1, error, text } }, {
    get(target, key, receiver): unknown {
      // `then` is read by `await` and `yield`, of any value.
      if (typeof key === "string" && key !== "then") throw error;
      return Reflect.get(target, key, receiver);
    },
  });
}

/** Whether `value` is a bad row, of this copy of the library or another. */
export function isBadRow(value: unknown): value is BadRow {
  return typeof value === "object" && value !== null && BAD_ROW in value;
}
