/**
 * Whether an answer is the expected one, exactly.
 *
 * @module
 */
import { type Evaluator, evaluator } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { canonical } from "../values/canonical.ts";

/**
 * Scores whether `actual` equals `expected`: texts character by character, other values by
 * their parts. Nothing is trimmed or converted: `"4"` is not `4`.
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
 * ```
 */
export const exactMatch: Evaluator<[actual: unknown, expected: unknown], Score> = evaluator(
  function exactMatch(actual: unknown, expected: unknown): Score {
    const equal = actual === expected || equalParts(actual, expected);
    return score("exactMatch", equal, { metadata: { actual, expected } });
  },
  { metrics: [accuracy()] },
);

function equalParts(one: unknown, other: unknown): boolean {
  if (typeof one !== typeof other || typeof one === "string") return false;
  return canonical(one, "actual") === canonical(other, "expected");
}
