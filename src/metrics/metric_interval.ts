/**
 * In what interval a metric lies, where running sums say so.
 *
 * @module
 */
import type { MetricValue, ScoreAggregate } from "../evaluation/metric.ts";
import { meanInterval } from "../stats/mean_interval.ts";
import { type Interval, wilsonInterval } from "../stats/wilson_interval.ts";

/** The share of the intervals in tables and gates that hold the true value. */
export const LEVEL = 0.95;

/** Of fewer numbers an interval says nothing: it is wider than all that they can be. */
const FEWEST_ROWS = 5;

/** Below this share of the squares, what is left of them is no more than rounding. */
const ROUNDING = 1e-12;

/**
 * The 95% interval of the built-in `accuracy` or `mean`: Wilson's where the scores are booleans,
 * Student's for numbers. `undefined` of other metrics, and where there is too little to tell.
 *
 * Repeats of a row are taken for one answer: they say little of other rows. The interval is then rather
 * too wide than too narrow.
 */
export function metricInterval(metric: string, sums: ScoreAggregate): Interval | undefined {
  if (metric !== "accuracy" && metric !== "mean") return undefined;
  const { sum, squares, numeric, booleans, repeats } = sums;
  const count = metric === "mean" ? numeric : sums.count + sums.errors;
  if (count === 0 || !Number.isFinite(squares)) return undefined;
  const rows = count / repeats;
  if (numeric === booleans) return wilsonInterval(sum / repeats, rows, LEVEL);
  const left = squares - sum * sum / count;
  if (rows < FEWEST_ROWS || left <= ROUNDING * squares) return undefined;
  return meanInterval({ count: rows, mean: sum / count, variance: left / (count - 1) }, LEVEL);
}

/** The interval that a metric's details tell of: `confidenceInterval` has one. */
export function detailedInterval(details: MetricValue["details"]): Interval | undefined {
  if (typeof details !== "object" || details === null || !("low" in details)) return undefined;
  const { low, high } = details;
  return typeof low === "number" && typeof high === "number" ? { low, high } : undefined;
}
