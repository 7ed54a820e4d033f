/**
 * Results: what one item produced.
 *
 * @module
 */
import { isScore, type Score } from "./score.ts";
import { isScoreValue } from "./score_value.ts";

/** The brand of a result; its value is the protocol's version. */
export const RESULT: unique symbol = Symbol.for("dotevals.result");

/** What one item produced; made by {@linkcode result}. */
export interface Result {
  /** The protocol's version. */
  readonly [RESULT]: 1;
  /** The scores, each under a name of its own. */
  readonly scores: readonly Score[];
  /** What the model was asked; the item's last model request where nothing is given. */
  readonly prompt?: unknown;
  /** What the model answered; the item's last model response where nothing is given. */
  readonly response?: unknown;
  /** What went wrong: the item then counts as an error and runs again on resume. */
  readonly error?: unknown;
  /** What else is worth keeping. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What {@linkcode result} takes. */
export interface ResultParts {
  /**
   * One score, or several of different names.
   *
   * @default {[]}
   */
  readonly scores?: Score | readonly Score[];
  /** What the model was asked. */
  readonly prompt?: unknown;
  /** What the model answered. */
  readonly response?: unknown;
  /** What went wrong. */
  readonly error?: unknown;
  /** What else is worth keeping. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What an evaluation's function may return for a row. */
export type Outcome = Score | readonly Score[] | Result;

/**
 * Makes a result out of scores and what is worth recording beside them.
 *
 * @example
 * ```ts
 * import { exactMatch, result } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const made = result({ scores: exactMatch("4", "4"), prompt: "2 + 2?", response: "4" });
 * assertEquals(made.scores.length, 1);
 * ```
 */
export function result(parts: ResultParts): Result {
  const { scores = [], ...rest } = parts;
  return { [RESULT]: 1, ...rest, scores: isScore(scores) ? [scores] : scores };
}

/** Whether `value` was made by {@linkcode result}, of this copy or another. */
function isResult(value: unknown): value is Result {
  return typeof value === "object" && value !== null && RESULT in value;
}

/** What an evaluation's function returned is not an outcome; becomes the error of its item. */
export class InvalidResultError extends Error {
  /** Says what was returned. */
  constructor(message: string) {
    super(message);
    this.name = "InvalidResultError";
  }
}

/**
 * The result that a function's return value stands for.
 *
 * @throws {InvalidResultError} if the value is no outcome, or its scores share a name
 */
export function toResult(returned: unknown): Result {
  if (isScore(returned)) return checked(result({ scores: returned }));
  if (isResult(returned)) return checked(returned);
  if (Array.isArray(returned)) {
    const stranger = returned.findIndex((entry) => !isScore(entry));
    if (stranger === -1) return checked(result({ scores: returned }));
    throw new InvalidResultError(
      `The function returned an array whose entry ${stranger} is ${
        describe(returned[stranger])
      }; ` +
        "every entry must be a score.",
    );
  }
  throw new InvalidResultError(
    `The function returned ${describe(returned)}; it must return a score, an array of scores, ` +
      "or result({ … }).",
  );
}

function checked(made: Result): Result {
  for (const [place, entry] of made.scores.entries()) {
    if (!isScore(entry)) {
      throw new InvalidResultError(`The result holds ${describe(entry)} where a score must be.`);
    }
    if (!isScoreValue(entry.value)) {
      throw new InvalidResultError(
        `The score "${entry.name}" is ${describe(entry.value)}; it must be a boolean, a number, ` +
          "a string, or a record of these.",
      );
    }
    if (made.scores.findIndex(({ name }) => name === entry.name) < place) {
      throw new InvalidResultError(
        `Two scores are named "${entry.name}": rename one with { name: "…" }.`,
      );
    }
  }
  return withError(made);
}

/** Where no score says anything, the item as a whole failed, with what its first evaluator threw. */
function withError(made: Result): Result {
  const [first] = made.scores;
  const isGiven = made.error !== undefined && made.error !== null;
  if (isGiven || !first || made.scores.some(({ error }) => error === undefined)) return made;
  return { ...made, error: first.error };
}

/** Names a value by its kind and, where short, its content. */
function describe(value: unknown): string {
  if (value === undefined) return "undefined (is a return missing?)";
  if (value === null) return "null";
  if (typeof value === "string") return `the string ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === "function") return `a function${value.name ? ` (${value.name})` : ""}`;
  if (typeof value === "symbol") return "a symbol";
  if (typeof value !== "object") return `the ${typeof value} ${String(value)}`;
  if (value instanceof Promise) return "a promise inside its return value (is an await missing?)";
  const made = value.constructor?.name;
  return made === "Object" || made === undefined
    ? `an object with ${
      Object.keys(value).slice(0, 5).map((key) => `"${key}"`).join(", ") || "nothing in it"
    }`
    : `a value of class ${made}`;
}
