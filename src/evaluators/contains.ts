/**
 * Whether an answer contains a text.
 *
 * @module
 */
import { type Evaluator, evaluator } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";

/**
 * Scores whether `actual` contains `expected` somewhere, in the same case.
 *
 * Its metric is `accuracy`; its metadata are `actual` and `expected`.
 *
 * @throws {TypeError} if one of them is no text
 *
 * @example
 * ```ts
 * import { contains } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(contains("The answer is Paris.", "Paris").value, true);
 * assertEquals(contains("The answer is Paris.", "paris").value, false);
 * ```
 */
export const contains: Evaluator<[actual: string, expected: string], Score> = evaluator(
  function contains(actual: string, expected: string): Score {
    for (const [name, value] of Object.entries({ actual, expected })) {
      if (typeof value === "string") continue;
      throw new TypeError(`contains() compares texts, and "${name}" is of type ${typeof value}.`);
    }
    return score("contains", actual.includes(expected), { metadata: { actual, expected } });
  },
  { metrics: [accuracy()] },
);
