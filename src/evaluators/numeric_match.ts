/**
 * Whether an answer is the expected number, however it is written.
 *
 * @module
 */
import { evaluator, type RenameOptions } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { type NumberNotation, parseNumber } from "./parse_number.ts";

/** What {@linkcode numericMatch} compares. */
export type Numeric = string | number | bigint | null | undefined;

/** Options of {@linkcode numericMatch}. */
export interface NumericOptions extends NumberNotation, RenameOptions {
  /**
   * How far the numbers may be apart.
   *
   * @default {0}
   */
  readonly absolute?: number;
  /**
   * How far they may be apart, as a share of the expected one; the greater of both tolerances counts.
   *
   * @default {0}
   */
  readonly relative?: number;
}

/**
 * Scores whether `actual` and `expected` are the same number.
 *
 * Texts may have blanks around them, a sign, commas or spaces between groups of digits
 * (`1,234,567`, `1 234 567`) and an exponent (`1.2e3`); by option a currency, a percent sign or a fraction.
 * Whole numbers are compared digit by digit, others as doubles. What is no number, `NaN` included, never
 * matches. To find the number in a longer text, see `lastNumber`, `boxed` and `afterMarker`.
 *
 * Its metric is `accuracy`; its metadata are `actual` and `expected`.
 *
 * A tolerance that is negative or `NaN` is an error of the score.
 *
 * @example
 * ```ts
 * import { lastNumber, numericMatch } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(numericMatch("1,200", 1200).value, true);
 * assertEquals(numericMatch("1.2e3", "1 200.0").value, true);
 * assertEquals(numericMatch("NaN", NaN).value, false);
 * assertEquals(numericMatch("3.14", Math.PI, { absolute: 0.01 }).value, true);
 * assertEquals(numericMatch("$1,200", 1200, { currency: true }).value, true);
 * assertEquals(numericMatch(lastNumber("6 * 7 is 42."), 42).value, true);
 * ```
 */
export const numericMatch: (
  actual: Numeric,
  expected: Numeric,
  options?: NumericOptions,
) => Score = evaluator(
  function numericMatch(actual: Numeric, expected: Numeric, options: NumericOptions = {}): Score {
    const equal = isNear(parseNumber(actual, options), parseNumber(expected, options), options);
    return score("numericMatch", equal, { metadata: { actual, expected } });
  },
  { metrics: [accuracy()], takesOptions: true },
);

function isNear(
  one: bigint | number | undefined,
  other: bigint | number | undefined,
  { absolute = 0, relative = 0 }: NumericOptions,
): boolean {
  if (!(absolute >= 0 && relative >= 0)) {
    throw new RangeError(`numericMatch(): a tolerance of ${absolute} or ${relative} is below 0.`);
  }
  if (one === undefined || other === undefined) return false;
  if (one === other) return true;
  const tolerance = Math.max(absolute, relative * Math.abs(Number(other)));
  return tolerance > 0 && Math.abs(Number(one) - Number(other)) <= tolerance;
}
