/**
 * How often intervals hold the true value.
 *
 * @module
 */
import { seededRandom } from "../../src/stats/seeded_random.ts";
import type { Method } from "./methods.ts";

/** Items or rows of a simulation. */
export const SIZES = [20, 100, 1_000] as const;

/** True means. */
export const SHARES = [0.02, 0.5, 0.98] as const;

/** What one method came to with one size and mean. */
export interface Cell {
  readonly method: string;
  readonly n: number;
  readonly p: number;
  /** The share of intervals that held the true value. */
  readonly coverage: number;
}

/** The share of simulations whose interval holds the true value; one that has no interval does not. */
export function coverage(
  { name, draw, truth }: Method,
  { n, p, simulations }: { readonly n: number; readonly p: number; readonly simulations: number },
): Cell {
  const random = seededRandom(1);
  // A bound that should be the true value may miss it by rounding.
  const slack = 1e-12;
  let held = 0;
  for (let simulation = 0; simulation < simulations; simulation++) {
    const interval = draw(n, p, random);
    if (!interval) continue;
    if (interval.low - slack <= truth(p) && truth(p) <= interval.high + slack) held++;
  }
  return { method: name, n, p, coverage: held / simulations };
}

/** The cells as a table in Markdown; what lies outside of 95% ± 1% is bold. */
export function coverageTable(cells: readonly Cell[]): readonly string[] {
  const columns = SIZES.flatMap((n) => SHARES.map((p) => ({ n, p })));
  const text = ({ coverage }: Cell) => {
    const percent = (coverage * 100).toFixed(1);
    return Math.abs(coverage - 0.95) > 0.01 ? `**${percent}**` : percent;
  };
  return [
    `| interval | ${columns.map(({ n, p }) => `${n}, ${p}`).join(" | ")} |`,
    `| --- |${columns.map(() => " ---: |").join("")}`,
    ...Map.groupBy(cells, ({ method }) => method).entries().map(([method, own]) =>
      `| ${method} | ${
        columns.map(({ n, p }) => {
          const cell = own.find((each) => each.n === n && each.p === p);
          return cell ? text(cell) : "";
        }).join(" | ")
      } |`
    ),
  ];
}
