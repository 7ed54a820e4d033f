/**
 * The options that bound what a run takes.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import type { BudgetOptions } from "../run/run_budget.ts";
import type { OptionSpecs } from "./option_specs.ts";

/** The options. */
export const budgetOptions = {
  "max-cost": {
    type: "text",
    value: "USD",
    summary: "make no further calls once they took so many dollars, by list prices",
  },
  "max-tokens": {
    type: "count",
    value: "N",
    least: 1,
    summary: "make no further calls once they took so many tokens",
  },
  "max-duration": {
    type: "text",
    value: "TIME",
    summary: "end after so long, such as 90s, 30m or 1h30m",
  },
} as const satisfies OptionSpecs;

/** What a command line says of them. */
export interface BudgetValues {
  readonly "max-cost": string | undefined;
  readonly "max-tokens": number | undefined;
  readonly "max-duration": string | undefined;
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };

/**
 * The budget that a command line gives; `undefined` where it gives none.
 *
 * @throws {DotevalsError} `invalid-value`
 */
export function budgetOf(values: BudgetValues): BudgetOptions | undefined {
  const { "max-cost": cost, "max-tokens": maxTokens, "max-duration": duration } = values;
  if (cost === undefined && maxTokens === undefined && duration === undefined) return undefined;
  return {
    ...cost !== undefined && { maxCost: dollars(cost) },
    ...maxTokens !== undefined && { maxTokens },
    ...duration !== undefined && { maxDuration: milliseconds(duration) },
  };
}

function dollars(text: string): number {
  const amount = /^\$?(\d+(\.\d+)?|\.\d+)$/.test(text) ? Number(text.replace("$", "")) : NaN;
  if (amount > 0) return amount;
  throw wrong("max-cost", { text, expected: "dollars above 0, such as 2.50" });
}

function milliseconds(text: string): number {
  const isTime = /^(\d+(\.\d+)?[hms])+$/.test(text);
  const parts = isTime ? text.matchAll(/(\d+(?:\.\d+)?)([hms])/g) : [];
  let sum = 0;
  for (const [, number, unit = ""] of parts) sum += Number(number) * (UNITS[unit] ?? 0);
  if (sum > 0) return sum;
  throw wrong("max-duration", { text, expected: "a time, such as 90s, 30m or 1h30m" });
}

function wrong(
  option: string,
  { text, expected }: { readonly text: string; readonly expected: string },
): DotevalsError {
  return new DotevalsError(`--${option} is "${text}".`, {
    code: "invalid-value",
    hint: `It must be ${expected}.`,
  });
}
