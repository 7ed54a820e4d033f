/**
 * The metrics that this library brings, by name.
 *
 * @module
 */
import type { Metric, MetricParameter } from "../evaluation/metric.ts";
import { canonical } from "../values/canonical.ts";
import { accuracy } from "./accuracy.ts";
import { atLeast } from "./at_least.ts";
import { bestOf } from "./best_of.ts";
import { calibrationError } from "./calibration_error.ts";
import { confidenceInterval } from "./confidence_interval.ts";
import { confusionMatrix } from "./confusion_matrix.ts";
import { correlation } from "./correlation.ts";
import { f1 } from "./f1.ts";
import { groupBy } from "./group_by.ts";
import { majority } from "./majority.ts";
import { max } from "./max.ts";
import { mean } from "./mean.ts";
import { meanOf } from "./mean_of.ts";
import { median } from "./median.ts";
import { min } from "./min.ts";
import { passAtK } from "./pass_at_k.ts";
import { precision } from "./precision.ts";
import { quantile } from "./quantile.ts";
import { recall } from "./recall.ts";
import { standardDeviation } from "./standard_deviation.ts";
import { standardError } from "./standard_error.ts";
import { sum } from "./sum.ts";

type Parameters = Readonly<Record<string, MetricParameter>>;

/** Makes metrics from stored parameters, which may be of another version: what is made is compared. */
const MAKERS: Readonly<Record<string, (parameters: Parameters) => Metric | undefined>> = {
  accuracy,
  atLeast: ({ k, metric }) => of(metric, (inner) => atLeast(Number(k), inner)),
  bestOf: ({ metric }) => of(metric, bestOf),
  calibrationError,
  confidenceInterval,
  confusionMatrix,
  correlation,
  f1,
  groupBy: ({ metric, column }) => of(metric, (inner) => groupBy(inner, String(column))),
  majority: ({ metric }) => of(metric, majority),
  max,
  mean,
  meanOf: ({ metric }) => of(metric, meanOf),
  median,
  min,
  passAtK: ({ k }) => passAtK(Number(k)),
  precision,
  quantile: ({ q }) => quantile(Number(q)),
  recall,
  standardDeviation,
  standardError,
  sum,
};

/** The names of all of them, without what stands in parentheses. */
export const BUILT_IN_NAMES: readonly string[] = Object.keys(MAKERS);

/**
 * Makes a stored metric again; `undefined` where this library has none of that name, or not
 * with these parameters.
 */
export function builtinMetric(name: string, parameters: Parameters): Metric | undefined {
  const head = name.replace(/\(.*/s, "");
  if (!Object.hasOwn(MAKERS, head)) return undefined;
  try {
    const made = MAKERS[head]?.(parameters);
    const isSame = made?.name === name && canonical(made.parameters) === canonical(parameters);
    return isSame ? made : undefined;
  } catch {
    return undefined;
  }
}

/** A metric made of another one, which is stored as its name and parameters. */
function of(stored: MetricParameter | undefined, make: (inner: Metric) => Metric) {
  const [name, parameters]: readonly unknown[] = Array.isArray(stored) ? stored : [];
  const inner = builtinMetric(String(name), parameters as Parameters);
  return inner && make(inner);
}
