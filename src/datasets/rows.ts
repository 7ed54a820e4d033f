/**
 * Datasets made out of datasets.
 *
 * @module
 */
import {
  type CheckedColumns,
  parseColumns,
  pickColumns,
  type PickedColumns,
} from "../evaluation/columns.ts";
import { type Dataset, rowsOf } from "../evaluation/dataset.ts";
import { between, filtered, mapped, type RowStep, sampled, shuffled, taken } from "./row_steps.ts";

/**
 * A dataset with methods that make other datasets out of it, read as a stream, anew for each
 * iteration. A bad row passes through all of them as it is, and counts as a row.
 */
export interface Rows<Row> extends AsyncIterable<Row> {
  /** Rows with the named columns only, as `foreach` picks them; arrays become objects. */
  select<const Columns extends string>(
    columns: Columns & CheckedColumns<Columns, Row>,
  ): Rows<PickedColumns<Columns, Row>>;
  /** Each row as `fn` makes it; one for which it throws becomes an item with that error. */
  map<Made>(fn: (row: Row) => Made | Promise<Made>): Rows<Made>;
  /** The rows for which `fn` says yes; one for which it throws becomes an item with that error. */
  filter(fn: (row: Row) => boolean | Promise<boolean>): Rows<Row>;
  /**
   * The first `count` rows. No row beyond them is read.
   *
   * @throws {RangeError} if `count` is no whole number from 0
   */
  take(count: number): Rows<Row>;
  /**
   * All rows in an order that the seed decides. Reads all rows before it yields the first, and
   * holds them in memory.
   *
   * @throws {RangeError} if `seed` is no whole number
   */
  shuffle(seed: number): Rows<Row>;
  /**
   * `count` rows by chance, in the dataset's order; all where there are no more. Reads all rows
   * before it yields the first, and holds `count` of them in memory.
   *
   * @throws {RangeError} if `count` is no whole number from 0, or `seed` no whole number
   */
  sample(count: number, seed: number): Rows<Row>;
  /**
   * Parts by shares of 1, such as `{ train: 0.8, test: 0.2 }`; what is left to 1 is in none.
   *
   * A row's content and the seed (0 unless given) decide its part: equal rows are in the same one, and
   * it stays there when the dataset is reordered or extended. The sizes are near the shares, not equal to them.
   *
   * @throws {RangeError} if a share is not above 0, the shares are more than 1, or `seed` is no
   * whole number
   */
  split<const Shares extends Readonly<Record<string, number>>>(
    shares: Shares,
    seed?: number,
  ): { readonly [Name in keyof Shares]: Rows<Row> };
}

/**
 * Gives any dataset methods that select, change, filter, shuffle, sample and split its rows.
 *
 * @example
 * ```ts
 * import { rows } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const sums = rows([{ a: 1, b: 2 }, { a: 3, b: 4 }, { a: 5, b: 6 }])
 *   .filter(({ a }) => a > 1)
 *   .map(({ a, b }) => ({ question: `${a} + ${b}`, answer: a + b }))
 *   .take(1);
 *
 * assertEquals(await Array.fromAsync(sums), [{ question: "3 + 4", answer: 7 }]);
 * ```
 */
export function rows<Row>(dataset: Dataset<Row>): Rows<Row> {
  const then = <Made>(step: RowStep<Row, Made>) => rows(stepped(dataset, step));
  return {
    [Symbol.asyncIterator]: () => asyncIterator(rowsOf(dataset)),
    select(columns) {
      const names = parseColumns(columns);
      return then(
        mapped((row, position) =>
          pickColumns(names, row, position) as PickedColumns<typeof columns, Row>
        ),
      );
    },
    map: (fn) => then(mapped((row) => fn(row))),
    filter: (fn) => then(filtered(fn)),
    take: (count) => then(taken(checkCount(count, "take"))),
    shuffle: (seed) => then(shuffled(checkSeed(seed, "shuffle"))),
    sample: (count, seed) => then(sampled(checkCount(count, "sample"), checkSeed(seed, "sample"))),
    split(shares, seed = 0) {
      checkSeed(seed, "split");
      const parts = rangesOf(shares).map(([name, range]) => [name, then(between(range, seed))]);
      return Object.fromEntries(parts);
    },
  };
}

/** Runs a step over each iteration; `return()` reaches the source at once, even within a read. */
function stepped<Row, Made>(
  dataset: Dataset<Row>,
  step: RowStep<Row, Made>,
): AsyncIterable<Made> {
  return {
    [Symbol.asyncIterator]() {
      const source = asyncIterator(rowsOf(dataset));
      const made = step({ [Symbol.asyncIterator]: () => source });
      return {
        next: () => made.next(),
        async return() {
          await source.return?.();
          return await made.return();
        },
      };
    },
  };
}

function asyncIterator<Row>(source: AsyncIterator<Row> | Iterator<Row>): AsyncIterator<Row> {
  return {
    next: async () => await source.next(),
    return: async () => await source.return?.() ?? { done: true, value: undefined },
  };
}

/** Where each part begins and ends between 0 and 1. */
function rangesOf(
  shares: Readonly<Record<string, number>>,
): readonly (readonly [string, readonly [number, number]])[] {
  let low = 0;
  const ranges = Object.entries(shares).map(([name, share]) => {
    if (!(share > 0)) {
      throw new RangeError(`split(): the share of ${name} must be above 0: ${share}.`);
    }
    const range = [low, low + share] as const;
    low += share;
    return [name, range] as const;
  });
  // Sums such as 0.7 + 0.2 + 0.1 are a little off.
  if (low > 1 + 1e-9) throw new RangeError(`split(): the shares are ${low} in sum, and at most 1.`);
  const last = ranges.at(-1);
  if (last === undefined || low < 1 - 1e-9) return ranges;
  const [name, [begin]] = last;
  return [...ranges.slice(0, -1), [name, [begin, 1]]];
}

function checkCount(count: number, method: string): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new RangeError(`${method}(): the count must be a whole number from 0: ${count}.`);
}

function checkSeed(seed: number, method: string): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw new RangeError(`${method}(): the seed must be a whole number: ${seed}.`);
}
