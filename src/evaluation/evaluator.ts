/**
 * Evaluators: functions that score an output.
 *
 * @module
 */
import type { Metric } from "./metric.ts";
import { failedScore, isScore, type Score, score } from "./score.ts";
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
  /**
   * Whether the function's last parameter is an options object, which it does not require: the score's
   * name may then stand among the options.
   *
   * @default {false}
   */
  readonly takesOptions?: boolean;
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
 * What the function throws is the error of its score: `error` holds it, and the value is
 * `{ error: "TypeError: …" }`, which `accuracy` counts as wrong. The other scores of the item stay; an
 * item whose scores all have errors ended with an error itself, and is done again by the next run.
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
  const { name = fn.name, metrics = [], takesOptions = false } = options;
  if (name === "") {
    throw new TypeError(
      "The evaluator's function has no name: write evaluator(function exactMatch(…) { … }), " +
        'or give the option name: evaluator((…) => …, { name: "exactMatch" }).',
    );
  }
  function evaluate(...args: readonly unknown[]): unknown {
    const { rename, given } = takesOptions
      ? nameAmongOptions(args, fn.length)
      : nameBehind(args, fn.length);
    const parts = { name, metrics, rename, given };
    try {
      const returned: unknown = fn(...given as Args);
      if (!isPromiseLike(returned)) return toScore(returned, parts);
      return Promise.resolve(returned)
        .then((value) => toScore(value, parts))
        .catch((thrown) => toFailed(thrown, parts));
    } catch (thrown) {
      return toFailed(thrown, parts);
    }
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
  return score(finalName, returned, { metrics, metadata: metadataOf(given) });
}

function toFailed(thrown: unknown, { name, metrics, rename, given }: ScoreParts): Score {
  return failedScore(rename?.name ?? name, thrown, { metrics, metadata: metadataOf(given) });
}

function metadataOf(given: readonly unknown[]): Score["metadata"] {
  return { arguments: given.map((argument) => isPlainData(argument) ? argument : null) };
}

/** The arguments, and the name that stands behind them. */
interface Named {
  readonly rename: RenameOptions | undefined;
  readonly given: readonly unknown[];
}

/** The last argument is the name where it is `{ name }` and not one that the function requires. */
function nameBehind(args: readonly unknown[], required: number): Named {
  const last = optionsIn(args, required);
  const keys = Object.keys(last ?? {});
  const isName = last && (keys.length === 0 || (keys.length === 1 && nameIn(last) !== undefined));
  return isName
    ? { rename: renameTo(last), given: args.slice(0, -1) }
    : { rename: undefined, given: args };
}

/** The name is taken out of the options. */
function nameAmongOptions(args: readonly unknown[], required: number): Named {
  const last = optionsIn(args, required);
  if (last === undefined || nameIn(last) === undefined) return { rename: undefined, given: args };
  const { name: _, ...others } = last;
  return { rename: renameTo(last), given: [...args.slice(0, -1), others] };
}

/** The last argument, where it is a plain object and not one that the function requires. */
function optionsIn(
  args: readonly unknown[],
  required: number,
): Readonly<Record<string, unknown>> | undefined {
  const last = args.at(-1);
  if (args.length <= required || typeof last !== "object" || last === null) return undefined;
  return Object.getPrototypeOf(last) === Object.prototype ? { ...last } : undefined;
}

function nameIn(options: Readonly<Record<string, unknown>>): string | undefined {
  return typeof options.name === "string" ? options.name : undefined;
}

function renameTo(options: Readonly<Record<string, unknown>>): RenameOptions {
  const name = nameIn(options);
  if (name === "") throw new TypeError("A score cannot be named with an empty text.");
  return name === undefined ? {} : { name };
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
