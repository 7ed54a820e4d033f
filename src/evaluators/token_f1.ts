/**
 * How many words an answer shares with the expected one.
 *
 * @module
 */
import { evaluator, type RenameOptions } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { mean } from "../metrics/mean.ts";
import { type Overlap, overlapOf, referencesOf, sharedCount } from "./references.ts";

/** Options of {@linkcode tokenF1}. */
export interface TokenF1Options extends RenameOptions {
  /**
   * Makes words of a text.
   *
   * @default {as SQuAD's script: lower case, without ASCII punctuation and English articles, at blanks}
   */
  readonly tokenize?: (text: string) => readonly string[];
}

/**
 * Scores how many words `actual` shares with `expected`, from 0 to 1: the F1 of SQuAD's evaluation script
 * (Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text"). Of several
 * expected texts the best one counts. Where one of the texts has no words, it is 1 if neither has.
 *
 * Its metric is `mean`; its metadata are `actual`, `expected`, `precision` and `recall`.
 *
 * @example
 * ```ts
 * import { tokenF1 } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tokenF1("The Eiffel Tower!", "eiffel tower").value, 1);
 * assertEquals(tokenF1("the tower", ["Eiffel Tower", "Big Ben"]).value, 2 / 3);
 * ```
 */
export const tokenF1: (
  actual: string,
  expected: string | readonly string[],
  options?: TokenF1Options,
) => Score = evaluator(
  function tokenF1(
    actual: string,
    expected: string | readonly string[],
    { tokenize = squadTokens }: TokenF1Options = {},
  ): Score {
    const words = tokenize(actual);
    const [best] = referencesOf("tokenF1", actual, expected)
      .map((reference) => wordOverlap(words, tokenize(reference)))
      .sort((one, other) => other.f1 - one.f1);
    const { precision = 0, recall = 0, f1 = 0 } = best ?? {};
    return score("tokenF1", f1, { metadata: { actual, expected, precision, recall } });
  },
  { metrics: [mean()], takesOptions: true },
);

function wordOverlap(words: readonly string[], expected: readonly string[]): Overlap {
  if (words.length === 0 && expected.length === 0) return { precision: 1, recall: 1, f1: 1 };
  return overlapOf(sharedCount(words, expected), words.length, expected.length);
}

function squadTokens(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, "")
    .replace(/(?<![\p{L}\p{N}_])(a|an|the)(?![\p{L}\p{N}_])/gu, " ")
    .split(/\s+/)
    .filter((word) => word !== "");
}
