/**
 * Repeats reduced to what most of them say.
 *
 * @module
 */
import type { Metric } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import { canonical } from "../values/canonical.ts";
import { reducedMetric, type Repeats } from "./reduced.ts";

/**
 * A metric over items, where an item's score is the one that more of its repeats have than any other
 * (`majority(accuracy())`).
 *
 * Repeats that ended with an error are votes for an error. Of booleans a tie is `false`; any other tie
 * is an item that ended with an error.
 *
 * Empty input gives what `metric` gives for it. It keeps one entry per item in memory.
 *
 * @example
 * ```ts
 * import { accuracy, majority } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = majority(accuracy()).start();
 * for (const [repeat, value] of [true, true, false].entries()) state.add(value, { key: "a", repeat });
 * assertEquals(state.result(0).value, 1);
 * ```
 */
export function majority(metric: Metric): Metric {
  return reducedMetric(metric, { name: "majority", parameters: {}, start });
}

function start(): Repeats {
  const votes = new Map<string, { readonly value: ScoreValue | undefined; count: number }>();
  const vote = (name: string, value: ScoreValue | undefined) => {
    const cast = votes.get(name) ?? { value, count: 0 };
    votes.set(name, cast);
    cast.count++;
  };
  return {
    add: (value) => vote(canonical(value), value),
    addError: () => vote("", undefined),
    reduced: () => {
      const most = Math.max(...Array.from(votes.values(), ({ count }) => count));
      const first = [...votes.values()].filter(({ count }) => count === most);
      if (first.length === 1) return first[0]?.value;
      return first.every(({ value }) => typeof value === "boolean") ? false : undefined;
    },
  };
}
