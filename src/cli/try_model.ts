/**
 * One call of a model, from setup to teardown.
 *
 * @module
 */
import type { ModelResponse, Usage } from "../providers/model.ts";
import type { ModelHandle } from "../providers/provider.ts";
import type { Prices } from "../run/prices.ts";

/** What is tried, and how. */
export interface TryModelOptions {
  readonly setUp: (signal: AbortSignal) => Promise<ModelHandle>;
  readonly prompt: string;
  readonly prices: Prices;
  /** Aborted when the user stops. */
  readonly signal: AbortSignal;
}

/** What came back, as far as it went. Times are in milliseconds. */
export interface TriedMeasures {
  readonly resourceId?: string;
  readonly setupMs?: number;
  readonly text?: string;
  readonly finishReason?: string;
  readonly timeToFirstTokenMs?: number;
  readonly latencyMs?: number;
  readonly usage?: Usage;
  /** US dollars. */
  readonly cost?: number;
  readonly teardownMs?: number;
}

/** What came of it. */
export interface TriedModel {
  readonly measured: TriedMeasures;
  /** What failed first. */
  readonly failed?: { readonly step: "setup" | "call" | "teardown"; readonly error: unknown };
}

/** Sets a model up, asks it once and tears it down. */
export async function tryModel(
  { setUp, prompt, prices, signal }: TryModelOptions,
): Promise<TriedModel> {
  const setup = await timed(() => setUp(signal));
  if (setup.failed) return { measured: {}, failed: { step: "setup", error: setup.error } };
  const { value: handle, ms: setupMs } = setup;
  const call = await timed(() => handle.model.generate(prompt, { signal }));
  const end = await timed(() => handle.teardown());
  const measured: TriedMeasures = {
    resourceId: handle.resourceId,
    setupMs,
    ...!call.failed && await answerOf(call.value, { handle, prices, ms: call.ms }),
    teardownMs: end.ms,
  };
  if (call.failed) return { measured, failed: { step: "call", error: call.error } };
  return end.failed ? { measured, failed: { step: "teardown", error: end.error } } : { measured };
}

async function answerOf(
  response: ModelResponse,
  { handle, prices, ms }: {
    readonly handle: ModelHandle;
    readonly prices: Prices;
    readonly ms: number;
  },
): Promise<TriedMeasures> {
  const { text, finishReason, timeToFirstTokenMs, latencyMs = ms, usage } = response;
  const { pricedAs } = handle;
  const cost = pricedAs && await prices.cost([response], pricedAs);
  return {
    text,
    ...finishReason && { finishReason },
    ...timeToFirstTokenMs !== undefined && { timeToFirstTokenMs },
    latencyMs,
    ...usage && { usage },
    ...cost !== undefined && { cost },
  };
}

type Timed<Value> =
  & { readonly ms: number }
  & ({ readonly failed: false; readonly value: Value } | {
    readonly failed: true;
    readonly error: unknown;
  });

async function timed<Value>(work: () => Promise<Value>): Promise<Timed<Value>> {
  const start = performance.now();
  try {
    const value = await work();
    return { failed: false, value, ms: performance.now() - start };
  } catch (error) {
    return { failed: true, error, ms: performance.now() - start };
  }
}
