/**
 * The metrics that this library brings, by name.
 *
 * @module
 */
import type { Metric, MetricParameter } from "../evaluation/metric.ts";
import { accuracy } from "./accuracy.ts";
import { mean } from "./mean.ts";

const WITHOUT_PARAMETERS: Readonly<Record<string, () => Metric>> = { accuracy, mean };

/**
 * Makes a stored metric again; `undefined` where this library has none of that name, or not
 * with these parameters.
 */
export function builtinMetric(
  name: string,
  parameters: Readonly<Record<string, MetricParameter>>,
): Metric | undefined {
  if (Object.keys(parameters).length > 0) return undefined;
  return Object.hasOwn(WITHOUT_PARAMETERS, name) ? WITHOUT_PARAMETERS[name]?.() : undefined;
}
