/**
 * Sets up what the items of one variant need, and makes what runs them.
 *
 * @module
 */
import type { NamedEvaluation } from "../plan/discover.ts";
import type { ModelSpec } from "../providers/model_spec.ts";
import type { ModelHandle } from "../providers/provider.ts";
import type { RunLimits } from "./endpoints.ts";
import { FutileCalls } from "./futile_calls.ts";
import type { ItemScope } from "./item_scope.ts";
import { ItemsRunner } from "./items_runner.ts";
import type { CallContext, NamedModel } from "./call_context.ts";
import type { ModelHold } from "./model_pool.ts";
import { recordedError } from "./recorded_error.ts";
import type { RunBudget } from "./run_budget.ts";
import type { Session } from "./session.ts";
import type { VariantRun } from "./variant_run.ts";

/** What a variant's runner needs. */
export interface VariantRunnerOptions {
  readonly named: NamedEvaluation;
  readonly run: VariantRun;
  readonly hold: ModelHold | undefined;
  readonly limits: RunLimits;
  readonly budgets: readonly RunBudget[];
  /** Where items are noted while they run. */
  readonly underWay: Set<ItemScope>;
  /** Told why further calls are of no use. */
  readonly onFutile: (error: unknown) => void;
  /** Told of a model whose calls have no price, where that matters. */
  readonly onUnknownCost: (model: string) => void;
}

/** Sets up model and fixtures, each of which other variants may share. */
export async function makeRunner(
  session: Session,
  options: VariantRunnerOptions,
): Promise<ItemsRunner> {
  const { named: { evaluation, name }, run, hold, underWay } = options;
  const { fixtures: used = {}, timeout } = evaluation.options;
  const { timer, fixtures, prices } = session;
  const spec = run.variant.model;
  const [handle, ...values] = await Promise.all([
    hold?.handle(),
    ...Object.entries(used).map(([name, made]) => fixtures.value(name, made)),
  ]);
  if (handle?.pricedAs) void prices.prepare();
  return new ItemsRunner(evaluation, run.stored.id, {
    evaluation: name,
    model: handle && spec && namedModel(spec, handle),
    params: run.variant.params,
    fixtures: Object.fromEntries(Object.keys(used).map((key, at) => [key, values[at]])),
    timeout,
    timer,
    tally: run.tally,
    calls: callContext(session, options),
  }, underWay);
}

function callContext(
  session: Session,
  { named, run, limits, budgets, onFutile, onUnknownCost }: VariantRunnerOptions,
): Omit<CallContext, "signal" | "turns" | "timer" | "onVain"> {
  const { clock, random, prices } = session;
  const { retry = {}, callTimeout } = named.evaluation.options;
  const countsCost = budgets.some((budget) => budget.countsCost);
  const futile = new FutileCalls();
  return {
    clock,
    random,
    retry,
    prices,
    callTimeout,
    limits,
    budgets: budgets.map(({ calls }) => calls),
    onAnswered({ model, cost }) {
      futile.answered();
      if (cost === undefined && countsCost) onUnknownCost(model);
    },
    onFailed(call) {
      const error = FutileCalls.away(call, clock.monotonic()) ?? futile.failed(call);
      if (error) onFutile(error);
      return error !== undefined;
    },
    onRetry({ error: thrown, ...retried }) {
      const { name, message } = recordedError(thrown);
      const error = { name, message };
      session.emit({ type: "call-retried", evaluation: run.ref, ...retried, error });
    },
  };
}

function namedModel(spec: ModelSpec, handle: ModelHandle): NamedModel {
  const { model, pricedAs, load, resourceId, limitedAs = resourceId } = handle;
  // One provider's names are none of another's.
  const [provider] = spec.spec.split(spec.spec.includes("#") ? "#" : ":");
  return { model, name: spec.name, pricedAs, load, endpoint: `${provider} ${limitedAs}` };
}
