/**
 * One call of an item: its part of the budgets, its attempts, and what is noted of it.
 *
 * @module
 */
import type { CallOptions, ModelRequest, ModelResponse } from "../providers/model.ts";
import { BudgetSpentError } from "../schedule/budget.ts";
import { type Attempted, CallAttempts } from "./call_attempts.ts";
import type { Caller } from "./call_context.ts";
import type { AskedCall, CallNote } from "./call_notes.ts";
import { type Held, hold, type Spender } from "./spending.ts";
import type { TokenEstimate, TokensAsked } from "./token_estimate.ts";

/** What is asked of a model. */
export interface Call<Value>
  extends Omit<AskedCall, "model" | "startedAt">, Pick<Attempted<Value>, "once" | "answers"> {
  readonly options: CallOptions | undefined;
  readonly tokens: (estimate: TokenEstimate) => TokensAsked;
  /** What the answers answer, one by one. */
  readonly requests?: readonly (string | ModelRequest)[];
}

/**
 * Makes a call for an item.
 *
 * @throws what its last attempt failed with
 */
export async function makeCall<Value>(caller: Caller, asked: Call<Value>): Promise<Value> {
  const { named: { name: model }, limits, notes, context } = caller;
  const { clock, turns } = context;
  const { kind, request, once, answers } = asked;
  const note = notes.begin({ model, kind, request, startedAt: clock.now() });
  const began = clock.monotonic();
  const signal = asked.options?.signal
    ? AbortSignal.any([asked.options.signal, context.signal])
    : context.signal;
  const tokens = () => asked.tokens(limits.estimate);
  turns.began();
  let held: Held | undefined;
  try {
    held = await holdPart(caller, { tokens, signal });
    const cost = tokens();
    const value = await new CallAttempts(caller, { note, began, cost, signal, once, answers })
      .run();
    await count(caller, { asked, note, held }, answers(value));
    return value;
  } catch (thrown) {
    held?.failed();
    notes.fail(note, thrown);
    const { endpoint } = limits.limiter;
    const isVain = thrown instanceof BudgetSpentError ||
      !signal.aborted && context.onFailed?.({ model, error: thrown, endpoint });
    if (isVain) context.onVain?.();
    throw thrown;
  } finally {
    turns.ended();
  }
}

/** Counts what a call was answered with against budgets, estimates and the item. */
async function count<Value>(
  { named: { name: model, pricedAs }, limits, notes, context }: Caller,
  { asked, note, held }: {
    readonly asked: Call<Value>;
    readonly note: CallNote;
    readonly held: Held | undefined;
  },
  answers: readonly ModelResponse[],
): Promise<void> {
  const cost = pricedAs && await context.prices.cost(answers, pricedAs);
  for (const [at, request] of asked.requests?.entries() ?? []) {
    limits.estimate.learn(request, answers[at]?.usage ?? {});
  }
  held?.answered(answers, cost);
  notes.answer(note, { answers, cost });
  context.onAnswered?.({ model, cost });
}

/** Waits for a part of the budgets, which counts as waiting for a turn. */
async function holdPart(
  { named: { pricedAs, isInside = false }, context }: Caller,
  call: Pick<Spender, "tokens" | "signal">,
): Promise<Held | undefined> {
  const { budgets, turns, prices } = context;
  if (!budgets?.length) return undefined;
  turns.waits("budget");
  try {
    return await hold(budgets, { ...call, pricedAs, isInside }, prices);
  } finally {
    turns.goesOn("budget");
  }
}
