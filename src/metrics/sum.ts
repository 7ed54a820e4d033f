/**
 * The sum of scores.
 *
 * @module
 */
import { METRIC, type Metric, type ScoreAggregate } from "../evaluation/metric.ts";
import { finite } from "./number_of.ts";
import { summingState } from "./summing_state.ts";

/**
 * The sum of scores. Scores that are numbers or booleans (`true` is 1) count; texts, records and
 * items that ended with an error do not.
 *
 * The value is 0 where there is none, and `null` where it is not finite.
 *
 * @example
 * ```ts
 * import { sum } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = sum().start();
 * for (const value of [1, 2.5, true]) state.add(value);
 * assertEquals(state.result(0).value, 4.5);
 * ```
 */
export function sum(): Metric {
  return {
    [METRIC]: 1,
    name: "sum",
    parameters: {},
    start: () => summingState(total),
    fromAggregate: total,
  };
}

function total({ sum }: ScoreAggregate): { readonly value: number | null } {
  return { value: finite(sum) };
}
