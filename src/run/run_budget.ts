/**
 * The budget of a run, or of one of its evaluations, in dollars, tokens and time.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { DotevalsError } from "../errors.ts";
import type { BudgetOptions } from "../evaluation/budget_options.ts";
import type { RunEvent } from "./events.ts";
import { type Amounts, Budget } from "../schedule/budget.ts";

export type { BudgetOptions };

/** How long what is under way gets when the time of a budget is over, in milliseconds. */
export const BUDGET_GRACE_MS = 10_000;

/** What a budget needs of its run. */
export interface RunBudgetOptions extends BudgetOptions {
  readonly clock: Clock;
  /** Whose budget it is, for people. */
  readonly whose: string;
  /** Told once that nothing is left, and of what. */
  readonly onSpent: (error: DotevalsError, kind: "calls" | "time") => void;
}

/** A budget while it is used; its time runs from when it is made. */
export class RunBudget implements Disposable {
  /** Dollars and tokens. */
  readonly calls: Budget;
  /** Whether calls are held to a cost. */
  readonly countsCost: boolean;
  #stopTimer: (() => void) | undefined;

  /** Starts the clock. */
  constructor({ maxCost, maxTokens, maxDuration, clock, whose, onSpent }: RunBudgetOptions) {
    this.countsCost = maxCost !== undefined;
    this.calls = new Budget({ cost: maxCost, tokens: maxTokens }, (kind, next) => {
      const total = kind === "cost" ? `$${maxCost}` : `${maxTokens} tokens`;
      const [taken, needed] = [this.calls.taken, next].map((amounts) => shown(amounts, kind));
      const error = this.calls.taken[kind] > 0
        ? spent(
          `${whose} of ${total} is spent: ${taken} were taken, the next call needs about ${needed}`,
        )
        : spent(
          `${whose} of ${total} is too small for one call, which needs about ${needed}`,
          "Give a larger one; what is recorded stays.",
        );
      onSpent(error, "calls");
    });
    if (maxDuration === undefined) return;
    const text = `${whose} of ${maxDuration / 1000} s is over`;
    this.#stopTimer = clock.after(maxDuration, () => onSpent(spent(text), "time"));
  }

  [Symbol.dispose](): void {
    this.#stopTimer?.();
  }
}

/** The code by which the command knows why a run ended early. */
const BUDGET_SPENT = "budget-spent";

const GO_ON = "What is recorded stays; the same command goes on with what is left.";

function shown({ cost, tokens }: Amounts, kind: keyof Amounts): string {
  return kind === "cost" ? `$${cost.toPrecision(3)}` : String(tokens);
}

function spent(text: string, hint = GO_ON): DotevalsError {
  return new DotevalsError(`${text}; no further calls are made.`, {
    code: BUDGET_SPENT,
    hint,
    exitCode: 4,
  });
}

/** An early end as a message. */
export function warning({ message: text, hint }: DotevalsError): RunEvent {
  return { type: "message", level: "warn", text, hint, source: "dotevals" };
}
