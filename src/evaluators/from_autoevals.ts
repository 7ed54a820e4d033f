/**
 * Scorers of other libraries as evaluators.
 *
 * @module
 */
import { evaluator, type EvaluatorOptions, type RenameOptions } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { isScoreValue } from "../evaluation/score_value.ts";
import { mean } from "../metrics/mean.ts";

/** What a scorer of `npm:autoevals` gives. */
export interface AutoevalsScore {
  /** The scorer's name. */
  readonly name: string;
  /** From 0 to 1; `null` where the scorer has nothing to say. */
  readonly score: number | null;
  /** What explains it: a choice, a rationale. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** What went wrong. */
  readonly error?: unknown;
}

/** A scorer of `npm:autoevals`, or any function like them. */
export type AutoevalsScorer<Args> = (args: Args) => AutoevalsScore | Promise<AutoevalsScore>;

/**
 * Makes an evaluator of a scorer of `npm:autoevals`: it takes what the scorer takes (`{ output, expected, … }`)
 * and has the scorer's name. The library is not loaded by dotevals: import it where you use it.
 *
 * A scorer that gives an error, throws, or scores `null` is an error of the score. Scorers that ask a model ask it
 * by themselves: their calls are not recorded, limited or tried again here.
 *
 * Its metric is `mean`, unless the options say otherwise; its metadata is the scorer's.
 *
 * @example
 * ```ts
 * import { fromAutoevals } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * // import { Levenshtein } from "npm:autoevals";
 * function Length({ output, expected = "" }: { output: string; expected?: string }) {
 *   return { name: "Length", score: output.length === expected.length ? 1 : 0 };
 * }
 *
 * const sameLength = fromAutoevals(Length);
 * const made = await sameLength({ output: "four", expected: "five" });
 * assertEquals([made.name, made.value], ["Length", 1]);
 * ```
 */
export function fromAutoevals<Args>(
  scorer: AutoevalsScorer<Args>,
  options: Pick<EvaluatorOptions, "name" | "metrics"> = {},
): (args: Args, options?: RenameOptions) => Promise<Score> {
  const { name = scorer.name, metrics = [mean()] } = options;
  return evaluator(async (args: Args): Promise<Score> => {
    const { score: value, metadata = {}, error } = await scorer(args);
    if (error !== undefined && error !== null) throw error;
    if (!isScoreValue(value)) throw new TypeError(`The scorer "${name}" gave no score.`);
    return score(name, value, { metadata });
  }, { name, metrics });
}
