/**
 * How alike two texts are, letter by letter.
 *
 * @module
 */
import { levenshteinDistance } from "@std/text/levenshtein-distance";
import { evaluator } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { mean } from "../metrics/mean.ts";
import { prepared, requireTexts, type TextOptions } from "./text_options.ts";

/**
 * Scores how alike two texts are, from 0 to 1: 1 − distance / length of the longer one. The distance is
 * how many characters must be inserted, left out or replaced to make one of the other (Levenshtein 1966);
 * a character is a code point. Two empty texts are alike.
 *
 * Its metric is `mean`; its metadata are `actual`, `expected` and `distance`.
 *
 * What is no text is a `TypeError`, and so an error of the score.
 *
 * @example
 * ```ts
 * import { levenshtein } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const made = levenshtein("sitting", "kitten");
 * assertEquals(made.metadata.distance, 3);
 * assertEquals(made.value, 1 - 3 / 7);
 * ```
 */
export const levenshtein: (actual: string, expected: string, options?: TextOptions) => Score =
  evaluator(
    function levenshtein(actual: string, expected: string, options: TextOptions = {}): Score {
      requireTexts("levenshtein", { actual, expected });
      const [one, other] = [prepared(actual, options), prepared(expected, options)];
      const distance = levenshteinDistance(one, other);
      const longer = Math.max([...one].length, [...other].length);
      return score("levenshtein", longer === 0 ? 1 : 1 - distance / longer, {
        metadata: { actual, expected, distance },
      });
    },
    { metrics: [mean()], takesOptions: true },
  );
