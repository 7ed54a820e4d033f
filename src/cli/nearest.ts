/**
 * What a mistyped word was meant to be.
 *
 * @module
 */
import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/** The candidate nearest to a word, where one is near enough to have been meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const closest = closestString(word, candidates);
  const distance = levenshteinDistance(word.toLowerCase(), closest.toLowerCase());
  const begun = word !== "" && closest.startsWith(word);
  return begun || distance <= Math.max(2, Math.ceil(word.length / 2)) ? closest : undefined;
}
