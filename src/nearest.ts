/**
 * What a mistyped name was meant to be.
 *
 * @module
 */
import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/** How many names are listed where none is near. */
const LISTED = 5;

/** The candidate that a word begins, or the nearest where one is near enough to have been meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const begun = candidates.filter((candidate) => word !== "" && candidate.startsWith(word));
  if (begun.length > 0) return closestString(word, begun);
  const closest = closestString(word, candidates);
  const distance = levenshteinDistance(word.toLowerCase(), closest.toLowerCase());
  return distance <= Math.max(2, Math.ceil(word.length / 2)) ? closest : undefined;
}

/** A sentence about a word that is none of some names: which one is near, else which there are. */
export function suggestion(word: string, names: readonly string[]): string {
  const meant = nearest(word, names);
  if (meant !== undefined) return `Did you mean ${JSON.stringify(meant)}?`;
  const listed = names.slice(0, LISTED).map((name) => JSON.stringify(name)).join(", ");
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return `There ${names.length === 1 ? "is" : "are"} ${listed}${more}.`;
}
