/**
 * Whether somebody is right as often as they say.
 *
 * @module
 */
import { METRIC, type Metric } from "../evaluation/metric.ts";
import { finite } from "./number_of.ts";

/** Options of {@linkcode calibrationError}. */
export interface CalibrationErrorOptions {
  /**
   * Into how many equal parts confidences from 0 to 1 are divided.
   *
   * @default {10}
   */
  readonly bins?: number;
}

interface Bin {
  readonly count: number;
  readonly confidence: number;
  readonly right: number;
}

/**
 * The expected calibration error: how far confidence and share of right answers are apart, over bins of
 * equal width, weighted by the scores in them (Guo et al. 2017, "On Calibration of Modern Neural
 * Networks", equation 3). Scores are records `{ confidence, correct }`: a number from 0 to 1, and a
 * boolean or a number from 0 to 1; others do not count, nor do items that ended with an error.
 *
 * The value is `null` where there is no such score; `details` has each bin that is not empty.
 *
 * @throws {RangeError} if `bins` is no positive integer
 *
 * @example
 * ```ts
 * import { calibrationError } from "@dotevals/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const state = calibrationError().start();
 * state.add({ confidence: 0.9, correct: true });
 * state.add({ confidence: 0.8, correct: false });
 * assertAlmostEquals(state.result(0).value ?? NaN, (0.1 + 0.8) / 2);
 * ```
 */
export function calibrationError(options: CalibrationErrorOptions = {}): Metric {
  const { bins = 10 } = options;
  if (!(Number.isSafeInteger(bins) && bins > 0)) {
    throw new RangeError(`calibrationError(): bins is ${bins}, and must be a positive integer.`);
  }
  return {
    [METRIC]: 1,
    name: "calibrationError",
    parameters: { bins },
    start: () => {
      const filled = new Map<number, Bin>();
      return {
        add: (value) => {
          if (typeof value !== "object") return;
          const { confidence, correct } = value;
          if (!isShare(confidence) || !(typeof correct === "boolean" || isShare(correct))) return;
          // A bin holds its upper bound, as in the paper.
          const place = Math.max(0, Math.ceil(confidence * bins) - 1);
          const bin = filled.get(place) ?? { count: 0, confidence: 0, right: 0 };
          filled.set(place, {
            count: bin.count + 1,
            confidence: bin.confidence + confidence,
            right: bin.right + Number(correct),
          });
        },
        result: () => resultOf([...filled].sort(([one], [other]) => one - other), bins),
      };
    },
  };
}

function resultOf(filled: readonly (readonly [number, Bin])[], bins: number) {
  const count = filled.reduce((sum, [, bin]) => sum + bin.count, 0);
  const gaps = filled.reduce((sum, [, bin]) => sum + Math.abs(bin.right - bin.confidence), 0);
  const details = filled.map(([place, bin]) => ({
    from: place / bins,
    to: (place + 1) / bins,
    count: bin.count,
    confidence: bin.confidence / bin.count,
    correct: bin.right / bin.count,
  }));
  return { value: finite(gaps / count), details };
}

function isShare(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}
