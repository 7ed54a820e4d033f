/**
 * Whether an answer starts with a text.
 *
 * @module
 */
import { evaluator } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { prepared, requireTexts, type TextOptions } from "./text_options.ts";

/**
 * Scores whether `actual` starts with `expected`, in the same case unless `ignoreCase` says
 * otherwise; `trim` and `normalize` are of both.
 *
 * Its metric is `accuracy`; its metadata are `actual` and `expected`.
 *
 * What is no text is a `TypeError`, and so an error of the score.
 *
 * @example
 * ```ts
 * import { startsWith } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(startsWith("Yes, because …", "Yes").value, true);
 * assertEquals(startsWith(" Yes, because …", "Yes").value, false);
 * assertEquals(startsWith(" Yes, because …", "yes", { trim: true, ignoreCase: true }).value, true);
 * ```
 */
export const startsWith: (actual: string, expected: string, options?: TextOptions) => Score =
  evaluator(
    function startsWith(actual: string, expected: string, options: TextOptions = {}): Score {
      requireTexts("startsWith", { actual, expected });
      const does = prepared(actual, options).startsWith(prepared(expected, options));
      return score("startsWith", does, { metadata: { actual, expected } });
    },
    { metrics: [accuracy()], takesOptions: true },
  );
