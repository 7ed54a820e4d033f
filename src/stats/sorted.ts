/**
 * Sorts many numbers without holding the event loop.
 *
 * @module
 */

/** So many are sorted at once: a few milliseconds. */
const RUN = 32_768;

/** The numbers in their order (`NaN` last); may pause at each `yield`. The array given is overwritten. */
export function* sorted(values: Float64Array): Generator<void, Float64Array> {
  for (let start = 0; start < values.length; start += RUN) {
    values.subarray(start, start + RUN).sort();
    yield;
  }
  let from = values;
  let to: Float64Array = new Float64Array(values.length > RUN ? values.length : 0);
  for (let width = RUN; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      yield* merged(from, to, { start, middle: start + width, end: start + 2 * width });
    }
    [from, to] = [to, from];
  }
  return from;
}

interface Halves {
  readonly start: number;
  readonly middle: number;
  readonly end: number;
}

function* merged(
  from: Float64Array,
  to: Float64Array,
  { start, middle, end }: Halves,
): Generator<void, void> {
  const [leftEnd, rightEnd] = [Math.min(middle, from.length), Math.min(end, from.length)];
  let [left, right] = [start, leftEnd];
  for (let at = start; at < rightEnd; at++) {
    if ((at - start) % RUN === RUN - 1) yield;
    const [one, other] = [from[left] ?? NaN, from[right] ?? NaN];
    const isLeft = right === rightEnd || (left < leftEnd && !(other < one || Number.isNaN(one)));
    to[at] = isLeft ? one : other;
    if (isLeft) left++;
    else right++;
  }
}

/** What a computation in steps comes to, without a pause. */
export function withoutPause<Value>(steps: Generator<void, Value>): Value {
  while (true) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
