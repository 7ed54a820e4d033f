/**
 * Whether two quantities go together.
 *
 * @module
 */
import { METRIC, type Metric } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import { Covariance } from "../stats/covariance.ts";
import { ranksOf } from "../stats/ranks.ts";
import { finite } from "./number_of.ts";

/** Options of {@linkcode correlation}. */
export interface CorrelationOptions {
  /**
   * The names of the two parts of a score.
   *
   * @default {["predicted", "expected"]}
   */
  readonly of?: readonly [string, string];
  /**
   * `pearson`: how well a line fits; `spearman`: whether the order is the same (it keeps all pairs in
   * memory).
   *
   * @default {"pearson"}
   */
  readonly method?: "pearson" | "spearman";
}

/**
 * The correlation of two parts of scores, from -1 to 1. Scores are records with two numbers (or
 * booleans), such as `{ predicted, expected }` or a judge's and a person's marks; others do not count,
 * nor do items that ended with an error.
 *
 * The value is `null` where there are fewer than two such scores, or where a part does not vary;
 * `details` is `{ pairs }`. Spearman's is Pearson's over ranks, equal values sharing theirs (Spearman
 * 1904, "The Proof and Measurement of Association between Two Things").
 *
 * @throws {RangeError} if `method` is neither
 *
 * @example
 * ```ts
 * import { correlation } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const state = correlation({ of: ["judge", "person"], method: "spearman" }).start();
 * for (const [judge, person] of [[1, 2], [2, 3], [3, 9]] as const) state.add({ judge, person });
 * assertEquals(state.result(0).value, 1);
 * ```
 */
export function correlation(options: CorrelationOptions = {}): Metric {
  const { of: [x, y] = ["predicted", "expected"], method = "pearson" } = options;
  if (method !== "pearson" && method !== "spearman") {
    throw new RangeError(`correlation(): method is "${method}", and must be pearson or spearman.`);
  }
  return {
    [METRIC]: 1,
    name: "correlation",
    parameters: { of: [x, y], method },
    start: () => {
      const pairs = method === "pearson" ? new Covariance() : new RankedPairs();
      return {
        add: (value) => {
          const [one, other] = [partOf(value, x), partOf(value, y)];
          if (one !== undefined && other !== undefined) pairs.add(one, other);
        },
        result: () => ({ value: finite(pairs.correlation), details: { pairs: pairs.count } }),
      };
    },
  };
}

class RankedPairs {
  #pairs: (readonly [number, number])[] = [];

  add(x: number, y: number): void {
    this.#pairs.push([x, y]);
  }

  get count(): number {
    return this.#pairs.length;
  }

  get correlation(): number | undefined {
    if (this.#pairs.flat().some(Number.isNaN)) return undefined;
    const ranks = ranksOf(this.#pairs.map(([x]) => x));
    const covariance = new Covariance();
    for (const [index, rank] of ranksOf(this.#pairs.map(([, y]) => y)).entries()) {
      covariance.add(ranks[index] ?? 0, rank);
    }
    return covariance.correlation;
  }
}

/** A part of a record that is a number or a boolean. */
function partOf(value: ScoreValue, name: string): number | undefined {
  const part = typeof value === "object" && Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof part === "number" || typeof part === "boolean" ? Number(part) : undefined;
}
