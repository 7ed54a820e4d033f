/**
 * Metrics over scores that are numbers.
 *
 * @module
 */
import { METRIC, type Metric, type MetricState, type MetricValue } from "../evaluation/metric.ts";
import { finite, numberOf } from "./number_of.ts";

/** Aggregates numbers. */
export interface NumberState {
  /** Takes in one number. */
  add(value: number): void;
  /** What they come to; `undefined` where there are too few. */
  result(): number | undefined;
  /** The same, with pauses. */
  steps?(): Generator<void, number | undefined>;
}

/**
 * A metric over scores that are numbers or booleans (`true` is 1), without parameters. Texts,
 * records and items that ended with an error do not count; a value that is not finite is `null`.
 */
export function numberMetric(name: string, start: () => NumberState): Metric {
  return { [METRIC]: 1, name, parameters: {}, start: () => numberState(start()) };
}

/** A state that hands on what is a number, whatever it is. */
export function numberState(numbers: NumberState): MetricState {
  return {
    add: (value) => {
      const number = numberOf(value);
      if (number !== undefined) numbers.add(number);
    },
    result: () => ({ value: finite(numbers.result()) }),
    ...numbers.steps && { steps: () => finiteSteps(numbers.steps?.()) },
  };
}

function* finiteSteps(
  steps: Generator<void, number | undefined> | undefined,
): Generator<void, MetricValue> {
  return { value: finite(steps && (yield* steps)) };
}
