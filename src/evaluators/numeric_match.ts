/**
 * Whether an answer is the expected number, however it is written.
 *
 * @module
 */
import { type Evaluator, evaluator } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";

/** What {@linkcode numericMatch} compares. */
export type Numeric = string | number | bigint | null | undefined;

/**
 * Scores whether `actual` and `expected` are the same number.
 *
 * Texts may have blanks around them, a sign, commas or spaces between groups of digits
 * (`1,234,567`, `1 234 567`) and an exponent (`1.2e3`). Whole numbers are compared digit by digit,
 * others as doubles. What is no number, `NaN` included, never matches.
 *
 * Its metric is `accuracy`; its metadata are `actual` and `expected`.
 *
 * @example
 * ```ts
 * import { numericMatch } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(numericMatch("1,200", 1200).value, true);
 * assertEquals(numericMatch("1.2e3", "1 200.0").value, true);
 * assertEquals(numericMatch("NaN", NaN).value, false);
 * ```
 */
export const numericMatch: Evaluator<[actual: Numeric, expected: Numeric], Score> = evaluator(
  function numericMatch(actual: Numeric, expected: Numeric): Score {
    const one = parse(actual);
    const other = parse(expected);
    const equal = one !== undefined && one === other;
    return score("numericMatch", equal, { metadata: { actual, expected } });
  },
  { metrics: [accuracy()] },
);

const GROUPED = /^([+-]?)(\d{1,3}(?:([, ])\d{2,3}(?:\3\d{2,3})*)?|\d+)((?:\.\d*)?(?:e[+-]?\d+)?)$/i;
const BARE_FRACTION = /^[+-]?\.\d+(?:e[+-]?\d+)?$/i;

/** The number as a `bigint` where it is whole, else as a double; `undefined` where it is none. */
function parse(value: Numeric): bigint | number | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return whole(value);
  if (typeof value !== "string") return undefined;
  const text = value.trim().replace(/^\u2212/, "-").replace(/[\u00a0\u2009\u202f]/g, " ");
  if (BARE_FRACTION.test(text)) return whole(Number(text));
  const [, sign, digits, separator, rest] = GROUPED.exec(text) ?? [];
  if (digits === undefined) return undefined;
  if (separator !== undefined && !/\d{3}$/.test(digits)) return undefined;
  const plain = digits.replaceAll(/[, ]/g, "");
  if (rest === "") return BigInt(plain) * (sign === "-" ? -1n : 1n);
  return whole(Number(`${sign}${plain}${rest}`));
}

function whole(value: number): bigint | number | undefined {
  if (Number.isNaN(value)) return undefined;
  return Number.isInteger(value) ? BigInt(value) : value;
}
