/**
 * What tests of runs share.
 *
 * @module
 */
import { type Score, score } from "../../evaluation/score.ts";
import { accuracy } from "../../metrics/accuracy.ts";
import type { ItemRecord, Results } from "../results.ts";

/** All records of a run. */
export async function recordsOf(results: Results): Promise<ItemRecord[]> {
  return await Array.fromAsync(results.records());
}

/** A score of right or wrong. */
export function correct(value: boolean): Score {
  return score("correct", value, { metrics: [accuracy()] });
}
