/**
 * How far a mean of scores may be off.
 *
 * @module
 */
import { METRIC, type Metric, type MetricState, type MetricValue } from "../evaluation/metric.ts";
import { Moments } from "../stats/moments.ts";
import { withoutPause } from "../stats/sorted.ts";
import { finite, numberOf } from "./number_of.ts";
import { columnText } from "./column_text.ts";

/** Options of {@linkcode standardError}. */
export interface StandardErrorOptions {
  /**
   * Which scores belong together and are no independent evidence: the repeats of an item, or the
   * items that share a column's value (questions about one text).
   *
   * @default {every score is by itself}
   */
  readonly cluster?: "item" | { readonly column: string };
}

/**
 * The standard error of the mean of scores: the standard deviation by the root of their number; with
 * clusters, the sum over pairs of a cluster is added under the root (Miller 2024, "Adding Error Bars to
 * Evals", arXiv:2411.00640, equations 1 and 4). It belongs to `mean`.
 *
 * Scores that are numbers or booleans (`true` is 1) count; texts, records and items that ended with
 * an error do not. The value is `null` for fewer than two, or where it is not finite.
 *
 * @example
 * ```ts
 * import { standardError } from "@dotevals/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const state = standardError({ cluster: { column: "text" } }).start();
 * for (const [n, value] of [true, true, false, false].entries()) {
 *   state.add(value, { key: String(n), repeat: 0, row: { text: n < 2 ? "a" : "b" } });
 * }
 * assertAlmostEquals(state.result(0).value ?? NaN, 0.3819, 1e-4); // 0.2887 without clusters
 * ```
 */
export function standardError(options: StandardErrorOptions = {}): Metric {
  const { cluster } = options;
  const named = typeof cluster === "object" ? { column: cluster.column } : cluster;
  return {
    [METRIC]: 1,
    name: "standardError",
    parameters: named === undefined ? {} : { cluster: named },
    ...named !== undefined && { needs: typeof named === "object" ? "row" : "item" },
    start: () => startErrors(named),
  };
}

/** So many clusters are gone through within a few milliseconds. */
const CLUSTERS = 20_000;

function startErrors(cluster: StandardErrorOptions["cluster"]): MetricState {
  const all = new Moments();
  const clusters = new Map<string, Moments>();
  function* steps(): Generator<void, MetricValue> {
    const { count, mean, variance } = all;
    if (variance === undefined) return { value: null };
    let pairs = 0;
    let passed = 0;
    for (const own of clusters.values()) {
      if (++passed % CLUSTERS === 0) yield;
      pairs += pairsOf(own, mean);
    }
    return { value: finite(Math.sqrt(Math.max(0, variance / count + pairs / count ** 2))) };
  }
  return {
    add: (value, item) => {
      const number = numberOf(value);
      if (number === undefined) return;
      all.add(number);
      if (cluster === undefined || item === undefined) return;
      const name = cluster === "item" ? item.key : columnText(item.row, cluster.column);
      const own = clusters.get(name) ?? new Moments();
      own.add(number);
      clusters.set(name, own);
    },
    result: () => withoutPause(steps()),
    steps,
  };
}

/** The sum of (a − mean)(b − mean) over all ordered pairs of different values of a cluster. */
function pairsOf({ count, mean, variance = 0 }: Moments, overall: number): number {
  const sum = count * (mean - overall);
  const squares = variance * (count - 1) + count * (mean - overall) ** 2;
  return sum ** 2 - squares;
}
