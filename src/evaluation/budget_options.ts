/**
 * What an evaluation, or a run, may take.
 *
 * @module
 */

/**
 * What calls may take. Before a call its part is reserved, as estimated from the calls before it;
 * where there is none left, no further call is made, what is under way comes to its end, and the
 * rest stays to be done by the next run.
 */
export interface BudgetOptions {
  /** US dollars, by list prices; calls whose price is not known are not counted. */
  readonly maxCost?: number;
  /** Tokens of requests and answers. */
  readonly maxTokens?: number;
  /** Milliseconds, waiting for endpoints included. */
  readonly maxDuration?: number;
}

const NAMES: readonly string[] = ["maxCost", "maxTokens", "maxDuration"];

/**
 * Checks what types cannot.
 *
 * @throws {TypeError} naming the option and its value
 */
export function checkBudget(budget: BudgetOptions): void {
  for (const [name, value] of Object.entries(budget)) {
    if (!NAMES.includes(name)) {
      throw new TypeError(`The option "budget" has no "${name}": there are ${NAMES.join(", ")}.`);
    }
    if (value !== undefined && !(typeof value === "number" && value > 0)) {
      throw new TypeError(`The option "budget.${name}" is ${value}; it must be a number above 0.`);
    }
  }
}
