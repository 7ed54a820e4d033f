/**
 * The share of scores that are right.
 *
 * @module
 */
import { METRIC, type Metric, type ScoreAggregate } from "../evaluation/metric.ts";
import { summingState } from "./summing_state.ts";

/**
 * The share of items that are right, from 0 to 1; items that ended with an error count as wrong.
 *
 * `true` counts 1 and `false` 0; a number counts as itself, so that 0.5 is half right;
 * texts and records count 0. The value is `null` where there is neither a score nor an error,
 * or where a score is `NaN` or infinite.
 *
 * @example
 * ```ts
 * import { accuracy } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = accuracy().start();
 * state.add(true);
 * state.add(false);
 * assertEquals(state.result(0).value, 1 / 2);
 * assertEquals(state.result(2).value, 1 / 4); // two more items ended with an error
 * ```
 */
export function accuracy(): Metric {
  return {
    [METRIC]: 1,
    name: "accuracy",
    parameters: {},
    start: () => summingState(share),
    fromAggregate: share,
  };
}

function share({ sum, count, errors }: ScoreAggregate): { readonly value: number | null } {
  const value = sum / (count + errors);
  return { value: Number.isFinite(value) ? value : null };
}
