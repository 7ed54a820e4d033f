/**
 * Whether an answer is one of several expected ones.
 *
 * @module
 */
import { evaluator } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { isEqual } from "./exact_match.ts";
import type { TextOptions } from "./text_options.ts";

/**
 * Scores whether `actual` equals one of `expected`, compared as `exactMatch` does. None of nothing.
 *
 * Its metric is `accuracy`; its metadata are `actual` and `expected`.
 *
 * @example
 * ```ts
 * import { oneOf } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(oneOf("USA", ["US", "USA", "United States"]).value, true);
 * assertEquals(oneOf("usa", ["US", "USA"]).value, false);
 * assertEquals(oneOf("usa", ["US", "USA"], { ignoreCase: true }).value, true);
 * ```
 */
export const oneOf: (
  actual: unknown,
  expected: readonly unknown[],
  options?: TextOptions,
) => Score = evaluator(
  function oneOf(actual: unknown, expected: readonly unknown[], options: TextOptions = {}): Score {
    const isOne = expected.some((candidate) => isEqual(actual, candidate, options));
    return score("oneOf", isOne, { metadata: { actual, expected } });
  },
  { metrics: [accuracy()], takesOptions: true },
);
