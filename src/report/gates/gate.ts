/**
 * Gates: conditions on results, as people write them.
 *
 * @module
 */
import { DotevalsError } from "../../errors.ts";

/** A condition: `lower(sums/exactMatch.accuracy) >= baseline - 0.02`. */
export interface Gate {
  /** As it was written. */
  readonly text: string;
  /** What is looked at: `exactMatch.accuracy`, with its evaluation before a slash; or one of {@linkcode COUNTS}. */
  readonly subject: string;
  /** A bound of the subject's 95% interval, in the place of its value. */
  readonly bound: "lower" | "upper" | undefined;
  readonly operator: Operator;
  readonly limit: Limit;
}

/** How the subject stands to its limit. */
export type Operator = ">=" | ">" | "<=" | "<";

/** A number; with `fromBaseline`, added to the baseline's value of the subject. */
export interface Limit {
  readonly number: number;
  readonly fromBaseline: boolean;
}

/** What a gate can be on beside metrics: sums over evaluations. */
export const COUNTS = ["errors", "errorRate", "cost"] as const;

/** One of {@linkcode COUNTS}. */
export type Count = (typeof COUNTS)[number];

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;

/** The last operator counts: what is before it may hold any character. */
const GATE = new RegExp(
  String
    .raw`^\s*(?<left>.*?[^\s<>=!])\s*(?<operator>[<>]=?)\s*(?:(?<number>${NUMBER})(?<percent>\s*%)?|` +
    String.raw`baseline(?:\s*(?<sign>[-+])\s*(?<shift>${NUMBER.replace("[-+]?", "")}))?)\s*$`,
  "s",
);

const BOUND = /^(lower|upper)\s*\(\s*(.*\S)\s*\)$/s;

/**
 * Reads a gate.
 *
 * @throws {DotevalsError} `invalid-gate`
 */
export function parseGate(text: string): Gate {
  const found = GATE.exec(text)?.groups;
  if (found === undefined) throw invalidGate(text);
  const { left = "", operator, number, percent, sign, shift = "0" } = found;
  const [, bound, inside] = BOUND.exec(left) ?? [];
  const subject = inside ?? left;
  if (bound !== undefined && isCount(subject)) {
    throw invalidGate(text, `${subject} is counted, and has no ${bound} bound.`);
  }
  const limit = number === undefined
    ? { number: Number(shift) * (sign === "-" ? -1 : 1), fromBaseline: true }
    : { number: Number(number) / (percent === undefined ? 1 : 100), fromBaseline: false };
  if (!Number.isFinite(limit.number)) throw invalidGate(text, "Its limit is too large a number.");
  return {
    text,
    subject,
    bound: bound === "lower" || bound === "upper" ? bound : undefined,
    operator: operator as Operator,
    limit,
  };
}

/** Numbers this close, relative to their size, are equal: 0.8 - 0.1 is not exactly 0.7 in binary. */
const EQUAL = 1e-10;

/** Whether a value stands to a limit as the operator says; what rounding alone sets apart is equal. */
export function satisfies(value: number, operator: Operator, limit: number): boolean {
  const isEqual = Math.abs(value - limit) <= EQUAL * Math.max(Math.abs(value), Math.abs(limit));
  switch (operator) {
    case ">=":
      return value >= limit || isEqual;
    case ">":
      return value > limit && !isEqual;
    case "<=":
      return value <= limit || isEqual;
    case "<":
      return value < limit && !isEqual;
  }
}

/** Whether a name is one of {@linkcode COUNTS}. */
export function isCount(name: string): name is Count {
  return COUNTS.some((count) => count === name);
}

function invalidGate(text: string, hint?: string): DotevalsError {
  return new DotevalsError(`The gate "${text}" cannot be read.`, {
    code: "invalid-gate",
    hint: hint ??
      'Write, such as: "exactMatch.accuracy >= 0.8", "lower(exactMatch.accuracy) > baseline - 0.02", ' +
        '"errors <= 0", "cost < 5".',
  });
}
