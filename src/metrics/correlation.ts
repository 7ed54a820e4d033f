/**
 * Whether two quantities go together.
 *
 * @module
 */
import { METRIC, type Metric, type MetricValue } from "../evaluation/metric.ts";
import type { ScoreValue } from "../evaluation/score_value.ts";
import { Covariance } from "../stats/covariance.ts";
import { ranksOf } from "../stats/ranks.ts";
import { withoutPause } from "../stats/sorted.ts";
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
      function* steps(): Generator<void, MetricValue> {
        const value = pairs instanceof RankedPairs ? yield* pairs.correlation() : pairs.correlation;
        return { value: finite(value), details: { pairs: pairs.count } };
      }
      return {
        add: (value) => {
          const [one, other] = [partOf(value, x), partOf(value, y)];
          if (one !== undefined && other !== undefined) pairs.add(one, other);
        },
        result: () => withoutPause(steps()),
        steps,
      };
    },
  };
}

/** Spearman's, of all pairs together. */
class RankedPairs {
  readonly #x: number[] = [];
  readonly #y: number[] = [];

  add(x: number, y: number): void {
    this.#x.push(x);
    this.#y.push(y);
  }

  get count(): number {
    return this.#x.length;
  }

  *correlation(): Generator<void, number | undefined> {
    if (this.#x.some(Number.isNaN) || this.#y.some(Number.isNaN)) return undefined;
    const covariance = new Covariance();
    const x = yield* ranksOf(this.#x);
    for (const [index, rank] of (yield* ranksOf(this.#y)).entries()) {
      covariance.add(x[index] ?? 0, rank);
    }
    return covariance.correlation;
  }
}

/** A part of a record that is a number or a boolean. */
function partOf(value: ScoreValue, name: string): number | undefined {
  const part = typeof value === "object" && Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof part === "number" || typeof part === "boolean" ? Number(part) : undefined;
}
