/**
 * How much of a summary is in another.
 *
 * @module
 */
import { evaluator, type RenameOptions } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { mean } from "../metrics/mean.ts";
import { commonSubsequence, commonSubsequenceLength } from "./longest_subsequence.ts";
import {
  countsOf,
  ngrams,
  type Overlap,
  overlapOf,
  referencesOf,
  sharedCount,
} from "./references.ts";

/** Options of {@linkcode rouge}. */
export interface RougeOptions extends RenameOptions {
  /**
   * What is counted: runs of one to nine words (`rouge1` to `rouge9`), the longest common subsequence of
   * words (`rougeL`), or those of lines together (`rougeLsum`).
   *
   * @default {"rougeL"}
   */
  readonly variant?: `rouge${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | "L" | "Lsum"}`;
  /**
   * Which of the three the score is; all are in the metadata.
   *
   * @default {"f1"}
   */
  readonly measure?: "f1" | "precision" | "recall";
  /**
   * Makes words of a text.
   *
   * @default {runs of letters and digits, in lower case, without stemming}
   */
  readonly tokenize?: (text: string) => readonly string[];
}

/**
 * Scores how much `actual` and `expected` share, from 0 to 1 (Lin 2004, "ROUGE: A Package for Automatic
 * Evaluation of Summaries"), with the same numbers as the package `rouge-score` without stemming; other
 * alphabets are words too. Of several expected texts the best one counts. A text without words shares
 * nothing.
 *
 * Its metric is `mean`; its metadata are `actual`, `expected`, `precision`, `recall` and `f1`.
 *
 * @example
 * ```ts
 * import { rouge } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(rouge("police kill the gunman", "police killed the gunman").value, 0.75);
 * assertEquals(
 *   rouge("The cat sat.", "the cat", { variant: "rouge2", measure: "recall" }).value,
 *   1,
 * );
 * ```
 */
export const rouge: (
  actual: string,
  expected: string | readonly string[],
  options?: RougeOptions,
) => Score = evaluator(
  function rouge(
    actual: string,
    expected: string | readonly string[],
    options: RougeOptions = {},
  ): Score {
    const { variant = "rougeL", measure = "f1", tokenize = wordsOf } = options;
    const [best = overlapOf(0, 0, 0)] = referencesOf("rouge", actual, expected)
      .map((reference) => overlapBy(variant)(actual, reference, tokenize))
      .sort((one, other) => other[measure] - one[measure]);
    return score("rouge", best[measure], { metadata: { actual, expected, ...best } });
  },
  { metrics: [mean()], takesOptions: true },
);

type Tokenize = (text: string) => readonly string[];
type Overlapping = (actual: string, expected: string, tokenize: Tokenize) => Overlap;

function overlapBy(variant: string): Overlapping {
  if (variant === "rougeLsum") return byLines;
  if (variant === "rougeL") return bySubsequence;
  const n = Number(/^rouge([1-9])$/.exec(variant)?.[1]);
  if (Number.isNaN(n)) throw new RangeError(`rouge() has no variant "${variant}".`);
  return (actual, expected, tokenize) => {
    const [one, other] = [ngrams(tokenize(actual), n), ngrams(tokenize(expected), n)];
    return overlapOf(sharedCount(one, other), one.length, other.length);
  };
}

function bySubsequence(actual: string, expected: string, tokenize: Tokenize): Overlap {
  const [one, other] = [tokenize(actual), tokenize(expected)];
  return overlapOf(commonSubsequenceLength(one, other), one.length, other.length);
}

/** Of each expected line the words that it shares with any line, each no more often than both texts have it. */
function byLines(actual: string, expected: string, tokenize: Tokenize): Overlap {
  const linesOf = (text: string) =>
    text.split("\n").map(tokenize).filter(({ length }) => length > 0);
  const [lines, others] = [linesOf(actual), linesOf(expected)];
  const left = new Map(countsOf(lines.flat()));
  const leftOthers = new Map(countsOf(others.flat()));
  let shared = 0;
  for (const line of others) {
    const places = new Set(lines.flatMap((own) => commonSubsequence(line, own)));
    for (const place of [...places].sort((one, other) => one - other)) {
      const word = line[place] ?? "";
      const [here, there] = [left.get(word) ?? 0, leftOthers.get(word) ?? 0];
      if (here === 0 || there === 0) continue;
      left.set(word, here - 1);
      leftOthers.set(word, there - 1);
      shared++;
    }
  }
  return overlapOf(shared, lines.flat().length, others.flat().length);
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
