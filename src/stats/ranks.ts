/**
 * Ranks, as rank correlations need them.
 *
 * @module
 */
import { sorted } from "./sorted.ts";

/** So many ranks are found within a few milliseconds. */
const RANKS = 10_000;

/**
 * The rank of each value, from 1; equal values share the mean of their ranks. May pause at each `yield`. No value is
 * `NaN`.
 */
export function* ranksOf(values: readonly number[]): Generator<void, Float64Array> {
  const inOrder = yield* sorted(new Float64Array(values));
  const ranks = new Float64Array(values.length);
  for (const [index, value] of values.entries()) {
    if (index % RANKS === RANKS - 1) yield;
    const below = countBelow(inOrder, (other) => other < value);
    const upTo = countBelow(inOrder, (other) => other <= value);
    ranks[index] = (below + 1 + upTo) / 2;
  }
  return ranks;
}

/** How many of the sorted values are at the beginning, where `isBelow` holds. */
function countBelow(inOrder: Float64Array, isBelow: (value: number) => boolean): number {
  let [low, high] = [0, inOrder.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBelow(inOrder[middle] ?? NaN)) low = middle + 1;
    else high = middle;
  }
  return low;
}
