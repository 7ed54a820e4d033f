/**
 * Whether an answer contains a text.
 *
 * @module
 */
import { evaluator } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { prepared, requireTexts, type TextOptions } from "./text_options.ts";

/**
 * Scores whether `actual` contains `expected` somewhere, in the same case unless `ignoreCase` says
 * otherwise; `trim` and `normalize` are of both.
 *
 * Its metric is `accuracy`; its metadata are `actual` and `expected`.
 *
 * What is no text is a `TypeError`, and so an error of the score.
 *
 * @example
 * ```ts
 * import { contains } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(contains("The answer is Paris.", "Paris").value, true);
 * assertEquals(contains("The answer is Paris.", "paris").value, false);
 * assertEquals(contains("The answer is Paris.", "paris", { ignoreCase: true }).value, true);
 * ```
 */
export const contains: (actual: string, expected: string, options?: TextOptions) => Score =
  evaluator(
    function contains(actual: string, expected: string, options: TextOptions = {}): Score {
      requireTexts("contains", { actual, expected });
      const isIn = prepared(actual, options).includes(prepared(expected, options));
      return score("contains", isIn, { metadata: { actual, expected } });
    },
    { metrics: [accuracy()], takesOptions: true },
  );
