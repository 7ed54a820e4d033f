/**
 * What strategies are put through, and what they must reach there.
 *
 * @module
 */
import type { ConcurrencyStrategy } from "../../src/schedule/strategy.ts";
import {
  type BatchingOptions,
  batchingServer,
  capacityServer,
  downBetween,
  quotaServer,
  type Server,
  type World,
} from "./server.ts";
import { simulate, type Simulated } from "./simulate.ts";

/** A server, and the best that anybody could do with it. */
export interface Scenario {
  readonly name: string;
  readonly server: (world: World) => Server;
  /** The most answers per second that the server can give, computed from what it is made of. */
  readonly best: number;
  /** By when a strategy must have found its way, in milliseconds; then the span begins. */
  readonly from: number;
  readonly to: number;
  /** No call waits longer for its turn, in milliseconds. */
  readonly longestWait: number;
}

/** The least part of the best throughput, and the most refusals. */
const LEAST = 0.9;
const REFUSED = 0.01;

/** The limit stays within these parts of its middle. */
const BAND = { low: 0.6, high: 1.6 };

const SECOND = 1000;
const CAPACITY = 64;
const LATENCY = { latencyMs: 1000, spread: 0.5 };
const PER_MINUTE = 3000;
const TOKENS_PER_CALL = 500;
const GPU: BatchingOptions = {
  stepMs: 20,
  sequenceMs: 0.4,
  maxBatch: 64,
  steps: 40,
  spread: 0.5,
};

function capacity(options: Partial<Parameters<typeof capacityServer>[1]>) {
  return (world: World) =>
    capacityServer(world, { capacity: () => CAPACITY, queue: Infinity, ...LATENCY, ...options });
}

function changing(before: number, after: number, queue: number) {
  return capacity({ capacity: (now) => now < 60 * SECOND ? before : after, queue });
}

/** The best batch makes the most of its steps; larger ones than `maxBatch` there are none. */
function bestBatch({ stepMs, sequenceMs, maxBatch, steps }: BatchingOptions): number {
  const rates = Array.from({ length: maxBatch }, (_, at) => {
    const size = at + 1;
    return size / (stepMs + sequenceMs * size) / steps * SECOND;
  });
  return Math.max(...rates);
}

/** The scenarios. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "a fixed capacity that queues",
    server: capacity({}),
    best: CAPACITY,
    from: 60 * SECOND,
    to: 180 * SECOND,
    longestWait: 3 * SECOND,
  },
  {
    name: "a fixed capacity that refuses what is more",
    server: capacity({ queue: 0 }),
    best: CAPACITY,
    from: 60 * SECOND,
    to: 180 * SECOND,
    longestWait: 3 * SECOND,
  },
  {
    name: "a capacity that drops by half, and queues",
    server: changing(CAPACITY, CAPACITY / 2, Infinity),
    best: CAPACITY / 2,
    from: 120 * SECOND,
    to: 240 * SECOND,
    longestWait: 3 * SECOND,
  },
  {
    name: "a capacity that drops by half, and refuses",
    server: changing(CAPACITY, CAPACITY / 2, 8),
    best: CAPACITY / 2,
    from: 120 * SECOND,
    to: 240 * SECOND,
    longestWait: 3 * SECOND,
  },
  {
    name: "a capacity that doubles",
    server: changing(CAPACITY / 2, CAPACITY, 8),
    best: CAPACITY,
    from: 180 * SECOND,
    to: 300 * SECOND,
    longestWait: 3 * SECOND,
  },
  {
    name: "a GPU that batches",
    server: (world) => batchingServer(world, GPU),
    best: bestBatch(GPU),
    from: 90 * SECOND,
    to: 240 * SECOND,
    longestWait: 3 * SECOND,
  },
  {
    name: "requests per minute",
    server: (world) =>
      quotaServer(world, {
        kind: "requests",
        perMinute: PER_MINUTE,
        refill: "flow",
        ...LATENCY,
      }),
    best: PER_MINUTE / 60,
    from: 120 * SECOND,
    to: 240 * SECOND,
    longestWait: 3 * SECOND,
  },
  {
    name: "requests in windows of a minute",
    server: (world) =>
      quotaServer(world, {
        kind: "requests",
        perMinute: PER_MINUTE,
        refill: "window",
        ...LATENCY,
      }),
    best: PER_MINUTE / 60,
    from: 120 * SECOND,
    to: 300 * SECOND,
    longestWait: 60 * SECOND,
  },
  {
    name: "tokens per minute",
    server: (world) =>
      quotaServer(world, {
        kind: "tokens",
        perMinute: PER_MINUTE * TOKENS_PER_CALL,
        refill: "flow",
        ...LATENCY,
      }),
    best: PER_MINUTE / 60,
    from: 120 * SECOND,
    to: 240 * SECOND,
    longestWait: 3 * SECOND,
  },
  {
    name: "an outage of 30 s, 30 s after its end",
    server: (world) => downBetween(capacity({})(world), world, 60 * SECOND, 90 * SECOND),
    best: CAPACITY,
    from: 120 * SECOND,
    to: 240 * SECOND,
    longestWait: 3 * SECOND,
  },
  {
    name: "a noisy latency",
    server: capacity({ spread: 1.2 }),
    best: CAPACITY,
    from: 90 * SECOND,
    to: 240 * SECOND,
    longestWait: 3 * SECOND,
  },
];

/** What one strategy came to in a scenario, and in what it fell short. */
export interface Verdict {
  /** Throughput over the best. */
  readonly share: number;
  readonly simulated: Simulated;
  readonly faults: readonly string[];
}

/** Runs a strategy through a scenario. */
export async function judge(
  scenario: Scenario,
  { strategy, seed }: { readonly strategy: ConcurrencyStrategy; readonly seed: number },
): Promise<Verdict> {
  const simulated = await simulate({ ...scenario, strategy, seed });
  const { throughput, refused, longestWait, limits: { low, high, middle } } = simulated;
  const share = throughput / scenario.best;
  const faults: string[] = [];
  if (!(share >= LEAST)) faults.push(`${percent(share)} of the best throughput`);
  if (!(refused < REFUSED)) faults.push(`${percent(refused)} refused`);
  if (!(longestWait <= scenario.longestWait)) faults.push(`a call waited ${longestWait} ms`);
  if (!(low >= BAND.low * middle && high <= BAND.high * middle)) {
    faults.push(`the limit went from ${low} to ${high}, around ${middle}`);
  }
  return { share, simulated, faults };
}

/** A part as people read it. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
