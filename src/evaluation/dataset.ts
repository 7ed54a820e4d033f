/**
 * What rows come from.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";

/**
 * Rows: an array, anything iterable, or a function that starts the iteration anew.
 *
 * Rows are pulled when a lane is free; nothing lists the whole dataset.
 */
export type Dataset<Row> =
  | Iterable<Row>
  | AsyncIterable<Row>
  | (() => Iterable<Row> | AsyncIterable<Row>);

/** Iterators and streams that were begun: they cannot be read from their start again. */
const BEGUN = new WeakSet<object>();

/**
 * Starts an iteration over a dataset's rows.
 *
 * @throws {DotevalsError} `dataset-used` for an iterator that was read before: what it still gives,
 * if anything, is not the dataset
 * @throws {TypeError} if a dataset's function returns nothing iterable
 */
export function rowsOf<Row>(dataset: Dataset<Row>): AsyncIterator<Row> | Iterator<Row> {
  const source: unknown = typeof dataset === "function" ? dataset() : dataset;
  if (!isIterable<Row>(source)) {
    throw new TypeError(
      `The dataset's function returned ${
        source instanceof Promise ? "a promise" : typeof source
      }; ` +
        "it must return something iterable: write it as function* or async function*.",
    );
  }
  return Symbol.asyncIterator in source
    ? begin(source, () => source[Symbol.asyncIterator]())
    : begin(source, () => source[Symbol.iterator]());
}

/** Begins an iteration; refuses to begin one of a source that has only one. */
function begin<Iteration extends object>(source: object, start: () => Iteration): Iteration {
  if (BEGUN.has(source)) {
    throw new DotevalsError("The dataset is an iterator that was read before.", {
      code: "dataset-used",
      hint: "Give a function that makes it anew: foreach(…, () => rows(), …).",
    });
  }
  const iteration = start();
  if (Object.is(iteration, source) || source instanceof ReadableStream) BEGUN.add(source);
  return iteration;
}

function isIterable<Row>(value: unknown): value is Iterable<Row> | AsyncIterable<Row> {
  return typeof value === "object" && value !== null &&
    (Symbol.asyncIterator in value || Symbol.iterator in value);
}

/** How many rows a dataset has, where that is known without reading it. */
export function sizeOf(dataset: Dataset<unknown>): number | undefined {
  if (Array.isArray(dataset)) return dataset.length;
  if (dataset instanceof Set || dataset instanceof Map) return dataset.size;
  return undefined;
}
