/**
 * Evaluators: functions that score an output.
 *
 * @module
 */
import type { Metric } from "./metric.ts";
import { isScore, type Score, score } from "./score.ts";
import { isScoreValue, type ScoreValue } from "./score_value.ts";
import { isPlainData } from "./plain_data.ts";

/** What {@linkcode evaluator} takes beside a function. */
export interface EvaluatorOptions {
  /** The name of its scores; the function's own name without it. */
  readonly name?: string;
  /**
   * What aggregates its scores.
   *
   * @default {[]}
   */
  readonly metrics?: readonly Metric[];
}

/** What an evaluator takes as a last argument of its own. */
export interface RenameOptions {
  /** The score's name in place of the evaluator's. */
  readonly name?: string;
}

/** What a scoring function may return, or promise. */
export type Scoring = ScoreValue | Score;

/** Scores an output: takes the arguments of the function it was made from, and `{ name }`. */
export type Evaluator<Args extends readonly unknown[], Returned> = (
  ...args: [...Args, options?: RenameOptions]
) => Returned extends PromiseLike<unknown> ? Promise<Score> : Score;

/**
 * Makes an evaluator from a function that judges an output: it returns a score of that
 * function's name.
 *
 * The function returns a score's value, or a whole `score(…)`, of which value, metadata and (where
 * it has some) metrics are taken; an async function makes an evaluator that returns a promise.
 * Where it returns a value only, the score's metadata is `{ arguments: […] }`: what it was called
 * with, as far as that is plain data; an object of a class (a client, a model) is `null` in it.
 *
 * The evaluator takes `{ name }` as one more argument, to name the score otherwise. It is told
 * from the function's own arguments by being an object with nothing but a name that stands behind
 * the arguments which the function requires.
 *
 * @throws {TypeError} if there is neither an option `name` nor a function with a name
 *
 * @example
 * ```ts
 * import { accuracy, evaluator } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const startsAlike = evaluator(
 *   function startsAlike(actual: string, expected: string) {
 *     return actual[0] === expected[0];
 *   },
 *   { metrics: [accuracy()] },
 * );
 *
 * assertEquals(startsAlike("yes", "yeah").name, "startsAlike");
 * assertEquals(startsAlike("yes", "no", { name: "sameInitial" }).name, "sameInitial");
 * ```
 */
export function evaluator<
  Args extends readonly unknown[],
  Returned extends Scoring | PromiseLike<Scoring>,
>(
  fn: (...args: Args) => Returned,
  options: EvaluatorOptions = {},
): Evaluator<Args, Returned> {
  const { name = fn.name, metrics = [] } = options;
  if (name === "") {
    throw new TypeError(
      "The evaluator's function has no name: write evaluator(function exactMatch(…) { … }), " +
        'or give the option name: evaluator((…) => …, { name: "exactMatch" }).',
    );
  }
  function evaluate(...args: readonly unknown[]): unknown {
    const rename = renameIn(args, fn.length);
    const given = rename ? args.slice(0, -1) : args;
    const make = (returned: unknown) => toScore(returned, { name, metrics, rename, given });
    const returned: unknown = fn(...given as Args);
    return isPromiseLike(returned) ? Promise.resolve(returned).then(make) : make(returned);
  }
  Object.defineProperty(evaluate, "name", { value: name, configurable: true });
  return evaluate as Evaluator<Args, Returned>;
}

interface ScoreParts {
  readonly name: string;
  readonly metrics: readonly Metric[];
  readonly rename: RenameOptions | undefined;
  readonly given: readonly unknown[];
}

function toScore(returned: unknown, { name, metrics, rename, given }: ScoreParts): Score {
  const finalName = rename?.name ?? name;
  if (isScore(returned)) {
    return score(finalName, returned.value, {
      metrics: returned.metrics.length > 0 ? returned.metrics : metrics,
      metadata: returned.metadata,
    });
  }
  if (!isScoreValue(returned)) {
    throw new TypeError(
      `The evaluator "${name}" returned ${
        returned === undefined ? "nothing" : Deno.inspect(returned)
      }; ` +
        "it must return a boolean, a number, a string, a record of these, or score(…).",
    );
  }
  const kept = given.map((argument) => isPlainData(argument) ? argument : null);
  return score(finalName, returned, { metrics, metadata: { arguments: kept } });
}

/** The last argument, where it is `{ name }` and not one that the function requires. */
function renameIn(args: readonly unknown[], required: number): RenameOptions | undefined {
  const last = args.at(-1);
  if (args.length <= required || typeof last !== "object" || last === null) return undefined;
  const keys = Object.keys(last);
  if (Object.getPrototypeOf(last) !== Object.prototype || keys.length > 1) return undefined;
  if (keys.length === 0) return last;
  const name: unknown = Reflect.get(last, "name");
  if (typeof name !== "string") return undefined;
  if (name === "") throw new TypeError("A score cannot be named with an empty text.");
  return { name };
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
