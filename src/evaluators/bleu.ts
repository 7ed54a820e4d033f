/**
 * How much of a translation is in others.
 *
 * @module
 */
import { evaluator, type RenameOptions } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { mean } from "../metrics/mean.ts";
import { countsOf, ngrams, referencesOf } from "./references.ts";
import { tokens13a } from "./tokens_13a.ts";

/** Options of {@linkcode bleu}. */
export interface BleuOptions extends RenameOptions {
  /**
   * The longest runs of words that count.
   *
   * @default {4}
   */
  readonly maxOrder?: number;
  /**
   * What stands for a precision of 0: `none` lets it make the whole score 0; `exp` halves again and again
   * (NIST's mteval); `floor` counts 0.1 of a match; `add-k` adds 1 to all counts but those of single words.
   *
   * @default {"exp"}
   */
  readonly smoothing?: "exp" | "none" | "floor" | "add-k";
  /**
   * Makes words of a text: as mteval's `13a`, at blanks, or by a function.
   *
   * @default {"13a"}
   */
  readonly tokenize?: "13a" | "blanks" | ((text: string) => readonly string[]);
}

/**
 * Scores one text against expected ones, from 0 to 1: the geometric mean of the precisions of runs of one to
 * four words, and a penalty for being shorter than the expected text that is nearest in length (Papineni et
 * al. 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation").
 *
 * By default it has the numbers of SacreBLEU's `sentence_bleu`, divided by 100 (Post 2018, "A Call for Clarity
 * in Reporting BLEU Scores"): runs longer than the text do not count. The mean over sentences is not the
 * BLEU of a corpus.
 *
 * Its metric is `mean`; its metadata are `actual`, `expected`, `precisions` and `brevityPenalty`.
 *
 * @example
 * ```ts
 * import { bleu } from "@dotevals/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const references = ["there is a cat on the mat", "a cat is on the mat"];
 * const { value } = bleu("the cat is on the mat", references);
 * assertAlmostEquals(Number(value), 0.7598, 1e-4);
 * ```
 */
export const bleu: (
  actual: string,
  expected: string | readonly string[],
  options?: BleuOptions,
) => Score = evaluator(
  function bleu(
    actual: string,
    expected: string | readonly string[],
    options: BleuOptions = {},
  ): Score {
    const { maxOrder = 4, smoothing = "exp", tokenize = "13a" } = options;
    const split = splitter(tokenize);
    const words = split(actual);
    const references = referencesOf("bleu", actual, expected).map(split);
    const matches = Array.from({ length: maxOrder }, (_, n) => matchesOf(words, references, n + 1));
    const brevityPenalty = brevity(words.length, references);
    const precisions = precisionsOf(matches, smoothing);
    const logs = precisions.reduce((sum, precision) => sum + Math.log(precision), 0);
    const value = precisions.length === 0 ? 0 : brevityPenalty * Math.exp(logs / precisions.length);
    return score("bleu", value, { metadata: { actual, expected, precisions, brevityPenalty } });
  },
  { metrics: [mean()], takesOptions: true },
);

interface Matches {
  readonly right: number;
  readonly all: number;
}

/** How many runs of `n` words are in a reference, each as often as the reference with most has it. */
function matchesOf(
  words: readonly string[],
  references: readonly (readonly string[])[],
  n: number,
): Matches {
  const there = references.map((reference) => countsOf(ngrams(reference, n)));
  let right = 0;
  let all = 0;
  for (const [gram, count] of countsOf(ngrams(words, n))) {
    all += count;
    right += Math.min(count, Math.max(...there.map((counts) => counts.get(gram) ?? 0)));
  }
  return { right, all };
}

function precisionsOf(
  matches: readonly Matches[],
  smoothing: BleuOptions["smoothing"],
): readonly number[] {
  if (matches.every(({ right }) => right === 0)) return [];
  const precisions: number[] = [];
  let halves = 1;
  for (const [place, { right, all }] of matches.entries()) {
    const added = smoothing === "add-k" && place > 0 ? 1 : 0;
    if (all + added === 0) break;
    if (right + added > 0) precisions.push((right + added) / (all + added));
    else if (smoothing === "exp") precisions.push(1 / ((halves *= 2) * all));
    else precisions.push(smoothing === "floor" ? 0.1 / all : 0);
  }
  return precisions;
}

/** 1, or less where the text is shorter than the reference that is nearest in length. */
function brevity(length: number, references: readonly (readonly string[])[]): number {
  const [nearest = 0] = references
    .map((reference) => reference.length)
    .sort((one, other) => Math.abs(one - length) - Math.abs(other - length) || one - other);
  if (length === 0) return 0;
  return length >= nearest ? 1 : Math.exp(1 - nearest / length);
}

function splitter(tokenize: BleuOptions["tokenize"]): (text: string) => readonly string[] {
  if (typeof tokenize === "function") return tokenize;
  return tokenize === "blanks" ? (text) => text.split(/\s+/).filter(Boolean) : tokens13a;
}
