/**
 * Whether an answer is the expected one, exactly.
 *
 * @module
 */
import { evaluator } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { canonical } from "../values/canonical.ts";
import { prepared, type TextOptions } from "./text_options.ts";

/**
 * Scores whether `actual` equals `expected`: texts character by character, other values by
 * their parts. Nothing is converted (`"4"` is not `4`), and nothing overlooked but what the options
 * `trim`, `ignoreCase` and `normalize` say, of texts that are compared with texts.
 *
 * Its metric is `accuracy`; its metadata are `actual` and `expected`.
 *
 * @example
 * ```ts
 * import { exactMatch } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(exactMatch("4", "4").value, true);
 * assertEquals(exactMatch({ a: 1, b: 2 }, { b: 2, a: 1 }).value, true);
 * assertEquals(exactMatch("4 ", "4", { name: "untrimmed" }).value, false);
 * assertEquals(exactMatch(" Paris ", "PARIS", { trim: true, ignoreCase: true }).value, true);
 * ```
 */
export const exactMatch: (actual: unknown, expected: unknown, options?: TextOptions) => Score =
  evaluator(
    function exactMatch(actual: unknown, expected: unknown, options: TextOptions = {}): Score {
      const equal = isEqual(actual, expected, options);
      return score("exactMatch", equal, { metadata: { actual, expected } });
    },
    { metrics: [accuracy()], takesOptions: true },
  );

/** Whether two values are equal, texts but for what is to be overlooked. */
export function isEqual(one: unknown, other: unknown, options: TextOptions = {}): boolean {
  if (typeof one === "string" && typeof other === "string") {
    return prepared(one, options) === prepared(other, options);
  }
  if (one === other) return true;
  return typeof one === typeof other && canonical(one, "actual") === canonical(other, "expected");
}
