/**
 * Calls that stay within budgets.
 *
 * @module
 */
import type { ModelResponse, PricedAs } from "../providers/model.ts";
import type { Amounts, Budget, Reservation } from "../schedule/budget.ts";
import type { Prices } from "./prices.ts";
import type { TokensAsked } from "./token_estimate.ts";

/** A call that is about to be made. */
export interface Spender {
  /** What it will take, by what is known now. */
  readonly tokens: () => TokensAsked;
  readonly pricedAs: PricedAs | undefined;
  readonly isInside: boolean;
  readonly signal: AbortSignal;
}

/** What a call holds of all budgets. */
export interface Held {
  /** The call was answered: what it took is counted. */
  answered(answers: readonly ModelResponse[], cost: number | undefined): void;
  /** It was not: nothing is. */
  failed(): void;
}

const NOTHING: Amounts = { cost: 0, tokens: 0 };

/**
 * Reserves what a call will take in each of the budgets.
 *
 * @throws {BudgetSpentError} if one of them is spent
 */
export async function hold(
  budgets: readonly Budget[],
  { tokens, pricedAs, isInside, signal }: Spender,
  prices: Prices,
): Promise<Held> {
  const price = pricedAs && await prices.prepare();
  const amounts = (inputTokens: number, outputTokens: number): Amounts => {
    const cost = pricedAs && price?.({ inputTokens, outputTokens }, pricedAs);
    return { cost: cost ?? 0, tokens: inputTokens + outputTokens };
  };
  const estimate = () => {
    const { inputTokens, outputTokens } = tokens();
    return amounts(inputTokens, outputTokens);
  };
  const sure = () => {
    const { inputTokens, isGuess } = tokens();
    return isGuess ? amounts(inputTokens, 0) : undefined;
  };
  const held: Reservation[] = [];
  try {
    for (const budget of budgets) {
      held.push(await budget.reserve({ estimate, sure, isInside, signal }));
    }
  } catch (error) {
    for (const reservation of held) reservation.settle(NOTHING);
    throw error;
  }
  const settle = (taken: Amounts) => {
    for (const reservation of held) reservation.settle(taken);
  };
  return {
    answered: (answers, cost) =>
      settle({ cost: cost ?? estimate().cost, tokens: tokensOf(answers) ?? estimate().tokens }),
    failed: () => settle(NOTHING),
  };
}

/** The tokens of all answers, where they are known. */
function tokensOf(answers: readonly ModelResponse[]): number | undefined {
  let sum = 0;
  for (const { usage } of answers) {
    const count = (usage?.inputTokens ?? NaN) + (usage?.outputTokens ?? 0);
    if (!(count >= 0)) return undefined;
    sum += count;
  }
  return answers.length === 0 ? undefined : sum;
}
