/**
 * What a function returned or threw, as results item by item.
 *
 * @module
 */
import { InvalidResultError, type Result, toResult } from "../evaluation/result.ts";

/** What one item came to: a result, or what was thrown. */
export type ItemOutcome =
  | { readonly result: Result }
  | { readonly thrown: unknown };

/** The outcome of the one item that a `foreach` function was called for. */
export function outcomeOf(returned: unknown): ItemOutcome {
  try {
    return { result: toResult(returned) };
  } catch (thrown) {
    return { thrown };
  }
}

/**
 * The outcomes of a batch's items: one each, in order, or one for all.
 *
 * A list of another length is an error of every item: which result belongs to which row
 * cannot be told.
 */
export function batchOutcomes(returned: unknown, items: number): readonly ItemOutcome[] {
  if (!Array.isArray(returned)) {
    const one = outcomeOf(returned);
    return Array.from({ length: items }, () => one);
  }
  if (returned.length !== items) {
    const thrown = new InvalidResultError(
      `The batch function returned ${returned.length} results for ${items} rows: it must return ` +
        "one per row, in order, or one for all.",
    );
    return Array.from({ length: items }, () => ({ thrown }));
  }
  return returned.map(outcomeOf);
}
