/**
 * Expected texts of which any will do.
 *
 * @module
 */
import { requireTexts } from "./text_options.ts";

/** Precision and recall of what two texts share, and their harmonic mean. */
export interface Overlap {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** The overlap where `shared` of `actual` and of `expected` parts are the same. */
export function overlapOf(shared: number, actual: number, expected: number): Overlap {
  if (shared === 0) return { precision: 0, recall: 0, f1: 0 };
  const precision = shared / actual;
  const recall = shared / expected;
  return { precision, recall, f1: 2 * precision * recall / (precision + recall) };
}

/**
 * The expected texts, one or several.
 *
 * @throws {TypeError} if there is none, or one is no text
 */
export function referencesOf(
  evaluator: string,
  actual: string,
  expected: string | readonly string[],
): readonly string[] {
  requireTexts(evaluator, { actual });
  const references = typeof expected === "string" ? [expected] : [...expected];
  if (references.length === 0) throw new TypeError(`${evaluator}() needs an expected text.`);
  for (const reference of references) requireTexts(evaluator, { expected: reference });
  return references;
}

/** How often each part is there. */
export function countsOf(parts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  return counts;
}

/** How many parts are in both, each as often as it is in both. */
export function sharedCount(one: readonly string[], other: readonly string[]): number {
  const counts = countsOf(other);
  let shared = 0;
  for (const [part, count] of countsOf(one)) shared += Math.min(count, counts.get(part) ?? 0);
  return shared;
}

/** The runs of `n` words. */
export function ngrams(words: readonly string[], n: number): readonly string[] {
  const grams: string[] = [];
  // Words hold no line feed: they were split at blanks.
  for (let start = 0; start + n <= words.length; start++) {
    grams.push(words.slice(start, start + n).join("\n"));
  }
  return grams;
}
