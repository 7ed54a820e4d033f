/**
 * The mean of scores.
 *
 * @module
 */
import { METRIC, type Metric, type ScoreAggregate } from "../evaluation/metric.ts";
import { summingState } from "./summing_state.ts";

/**
 * The mean of scores that are numbers or booleans (`true` is 1); items that ended with an error
 * have no score and do not count.
 *
 * The value is `null` where there is no such score, or where one is `NaN` or infinite.
 *
 * @example
 * ```ts
 * import { mean } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = mean().start();
 * state.add(3);
 * state.add(4);
 * assertEquals(state.result(0).value, 3.5);
 * ```
 */
export function mean(): Metric {
  return {
    [METRIC]: 1,
    name: "mean",
    parameters: {},
    start: () => summingState(average),
    fromAggregate: average,
  };
}

function average({ sum, numeric }: ScoreAggregate): { readonly value: number | null } {
  const value = sum / numeric;
  return { value: Number.isFinite(value) ? value : null };
}
