/**
 * Between what bounds a mean of scores lies.
 *
 * @module
 */
import { METRIC, type Metric, type MetricState, type MetricValue } from "../evaluation/metric.ts";
import { bootstrapInterval } from "../stats/bootstrap_interval.ts";
import { finite } from "./number_of.ts";
import { withoutPause } from "../stats/sorted.ts";
import { wilsonInterval } from "../stats/wilson_interval.ts";

/** Options of {@linkcode confidenceInterval}. */
export interface ConfidenceIntervalOptions {
  /**
   * The share of such intervals that hold the true value.
   *
   * @default {0.95}
   */
  readonly level?: number;
  /**
   * How many times the bootstrap draws.
   *
   * @default {1000}
   */
  readonly resamples?: number;
  /**
   * The bootstrap draws the same for the same seed.
   *
   * @default {0}
   */
  readonly seed?: number;
}

/**
 * The mean of scores, and in its details the interval that it lies in: `{ low, high, level, method }`.
 *
 * Scores that are all booleans are a proportion and have Wilson's interval; items that ended with an
 * error count as wrong, as in `accuracy`. Else it is the bootstrap's, over scores that are numbers or
 * booleans; errors do not count, as in `mean`. Texts and records count as wrong in the first, and
 * not at all in the second. `src/stats/` names the sources of both.
 *
 * The value is `null`, without details, where there is nothing to compute it from, or where a score is
 * not finite. The bootstrap keeps all values in memory and takes `resamples` times their number of steps.
 *
 * @throws {RangeError} if `level` does not lie between 0 and 1, or `resamples` is no positive integer
 *
 * @example
 * ```ts
 * import { confidenceInterval } from "@dotevals/core";
 * import { assertEquals, assertMatch } from "@std/assert";
 *
 * const state = confidenceInterval().start();
 * for (let n = 0; n < 20; n++) state.add(n < 15);
 * const { value, details } = state.result(0);
 * assertEquals(value, 0.75);
 * assertMatch(JSON.stringify(details), /"low":0\.531.*"high":0\.888.*"level":0\.95,"method":"wilson"/);
 * ```
 */
export function confidenceInterval(options: ConfidenceIntervalOptions = {}): Metric {
  const { level = 0.95, resamples = 1000, seed = 0 } = options;
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`confidenceInterval(): level is ${level}, and must lie between 0 and 1.`);
  }
  if (!(Number.isSafeInteger(resamples) && resamples > 0)) {
    throw new RangeError(`confidenceInterval(): resamples is ${resamples}, and must be 1 or more.`);
  }
  const parameters = { level, resamples, seed };
  return { [METRIC]: 1, name: "confidenceInterval", parameters, start: () => start(parameters) };
}

function start(parameters: Required<ConfidenceIntervalOptions>): MetricState {
  const counts = { right: 0, wrong: 0, others: 0 };
  const numbers: number[] = [];
  function* steps(errors: number): Generator<void, MetricValue> {
    if (numbers.length > 0) return yield* bootstrapped(numbers, counts, parameters);
    const { right, wrong, others } = counts;
    return proportion(right, right + wrong + others + errors, parameters);
  }
  return {
    add: (value) => {
      if (typeof value === "number") numbers.push(value);
      else if (typeof value !== "boolean") counts.others++;
      else if (value) counts.right++;
      else counts.wrong++;
    },
    result: (errors) => withoutPause(steps(errors)),
    steps,
  };
}

function proportion(
  right: number,
  count: number,
  { level }: Required<ConfidenceIntervalOptions>,
): MetricValue {
  if (count === 0) return { value: null };
  const interval = wilsonInterval(right, count, level);
  return { value: right / count, details: { ...interval, level, method: "wilson" } };
}

/** So many values are gone through within a few milliseconds. */
const VALUES = 50_000;

function* bootstrapped(
  numbers: readonly number[],
  { right, wrong }: { readonly right: number; readonly wrong: number },
  parameters: Required<ConfidenceIntervalOptions>,
): Generator<void, MetricValue> {
  const values = new Float64Array(numbers.length + right + wrong);
  values.fill(1, numbers.length, numbers.length + right);
  let sum = right;
  for (const [index, value] of numbers.entries()) {
    if (index % VALUES === 0) yield;
    if (!Number.isFinite(value)) return { value: null };
    values[index] = value;
    sum += value;
  }
  const interval = yield* bootstrapInterval(values, parameters);
  return {
    value: finite(sum / values.length),
    details: { ...interval, level: parameters.level, method: "bootstrap" },
  };
}
