/**
 * What rows come from.
 *
 * @module
 */

/**
 * Rows: an array, anything iterable, or a function that starts the iteration anew.
 *
 * Rows are pulled when a lane is free; nothing lists the whole dataset.
 */
export type Dataset<Row> =
  | Iterable<Row>
  | AsyncIterable<Row>
  | (() => Iterable<Row> | AsyncIterable<Row>);

/** Starts an iteration over a dataset's rows. */
export function rowsOf<Row>(dataset: Dataset<Row>): AsyncIterator<Row> | Iterator<Row> {
  const source = typeof dataset === "function" ? dataset() : dataset;
  return Symbol.asyncIterator in source
    ? source[Symbol.asyncIterator]()
    : source[Symbol.iterator]();
}

/** How many rows a dataset has, where that is known without reading it. */
export function sizeOf(dataset: Dataset<unknown>): number | undefined {
  if (Array.isArray(dataset)) return dataset.length;
  if (dataset instanceof Set || dataset instanceof Map) return dataset.size;
  return undefined;
}
