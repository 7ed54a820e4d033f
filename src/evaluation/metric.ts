/**
 * Metrics: functions that aggregate the scores of one name into a number.
 *
 * @module
 */
import type { ScoreValue } from "./score_value.ts";

/** The brand of a metric; its value is the protocol's version. */
export const METRIC: unique symbol = Symbol.for("dotevals.metric");

/** A parameter of a metric, as it is stored with its values. */
export type MetricParameter = string | number | boolean | null | readonly MetricParameter[] | {
  readonly [name: string]: MetricParameter;
};

/** Running sums over the scores of one name, which storage can also compute with SQL. */
export interface ScoreAggregate {
  /** Scores of this name. */
  readonly count: number;
  /** Sum of the values; `true` counts 1 and `false` 0; other values count nothing. */
  readonly sum: number;
  /** Scores whose value is a boolean or a number. */
  readonly numeric: number;
  /** Scores whose value is a boolean. */
  readonly booleans: number;
  /** Sum of the squares of the values that `sum` adds up. */
  readonly squares: number;
  /** How many repeats of one row there are, at the most; 1 without repeats. */
  readonly repeats: number;
  /** Items of the evaluation that ended with an error, and so have no score. */
  readonly errors: number;
}

/** A metric's value, alone or with what explains it (an interval, groups, a matrix). */
export interface MetricValue {
  /** The number; `null` where there is nothing to compute it from. */
  readonly value: number | null;
  /** What explains it, as JSON. */
  readonly details?: MetricParameter;
}

/** Which item a score belongs to. */
export interface ScoredItem {
  /** The identity of the item's row: the same for all its repeats. */
  readonly key: string;
  /** Which repeat it is, from 0. */
  readonly repeat: number;
  /** The row, for metrics that need it. */
  readonly row?: unknown;
}

/** Adds up scores one by one, in any order. */
export interface MetricState {
  /** Takes in one score's value; with its item where the metric says that it needs items. */
  add(value: ScoreValue, item?: ScoredItem): void;
  /** Takes in an item that ended with an error; called where the metric says that it needs items. */
  addError?(item: ScoredItem): void;
  /** The metric of what was added, `errors` items having ended with an error. */
  result(errors: number): MetricValue;
  /**
   * The same as `result`, for one that takes long over many scores: at each `yield`, some milliseconds after the one
   * before, others may have their turn.
   */
  steps?(errors: number): Generator<void, MetricValue>;
}

/** Aggregates the scores of one name into a number. */
export interface Metric {
  /** The protocol's version. */
  readonly [METRIC]: 1;
  /** The name that results show. */
  readonly name: string;
  /** What it was made with; stored with its values. */
  readonly parameters: Readonly<Record<string, MetricParameter>>;
  /** What it needs beside values: which item each belongs to, or the item's row too. */
  readonly needs?: "item" | "row";
  /** Starts an aggregation over nothing. */
  start(): MetricState;
  /** The metric from running sums alone, where they suffice; spares reading the scores. */
  readonly fromAggregate?: (aggregate: ScoreAggregate) => MetricValue;
}

/** What {@linkcode metric} takes beside a name. */
export interface MetricOptions {
  /** What it is made with; stored with its values. */
  readonly parameters?: Readonly<Record<string, MetricParameter>>;
}

/** What is read back by these names is computed as the built-in metric. */
export const BUILT_IN: readonly string[] = [
  "accuracy",
  "atLeast",
  "bestOf",
  "calibrationError",
  "confidenceInterval",
  "confusionMatrix",
  "correlation",
  "f1",
  "groupBy",
  "majority",
  "max",
  "mean",
  "meanOf",
  "median",
  "min",
  "passAtK",
  "precision",
  "quantile",
  "recall",
  "standardDeviation",
  "standardError",
  "sum",
];

/**
 * Makes a metric from a function over all values of a score's name.
 *
 * `compute` gets the values in no particular order and the number of items that
 * ended with an error. It returns a number, or a value with details.
 *
 * @throws {TypeError} if the name is that of a built-in metric
 *
 * @example
 * ```ts
 * import { metric } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const longest = metric("longest", (values) => Math.max(0, ...values.map(Number)));
 * const state = longest.start();
 * state.add(3);
 * state.add(7);
 * assertEquals(state.result(0).value, 7);
 * ```
 */
export function metric(
  name: string,
  compute: (values: readonly ScoreValue[], errors: number) => number | null | MetricValue,
  options: MetricOptions = {},
): Metric {
  if (BUILT_IN.includes(name.replace(/\(.*/s, ""))) {
    throw new TypeError(
      `The name "${name}" is a built-in metric's: give yours another one, or use ${name}().`,
    );
  }
  return {
    [METRIC]: 1,
    name,
    parameters: options.parameters ?? {},
    start() {
      const values: ScoreValue[] = [];
      return {
        add: (value) => {
          values.push(value);
        },
        result: (errors) => {
          const computed = compute(values, errors);
          return typeof computed === "object" && computed !== null ? computed : { value: computed };
        },
      };
    },
  };
}
