/**
 * Drives a strategy against a server in virtual time.
 *
 * @module
 */
import { Endpoint } from "../../src/schedule/endpoint.ts";
import { Limiter } from "../../src/schedule/limiter.ts";
import { Places } from "../../src/schedule/places.ts";
import { retry } from "../../src/schedule/retry.ts";
import type { ConcurrencyStrategy } from "../../src/schedule/strategy.ts";
import { seeded } from "../faults/seeded.ts";
import { around, type Reply, type Server, type World } from "./server.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** So many calls wait at any time: there is always more to do. */
const WAITING = 20;

/** Tokens of a call: the mean, and the spread of the logarithm. */
const TOKENS = 500;
const TOKEN_SPREAD = 0.5;

/** What is simulated. */
export interface Simulation {
  readonly server: (world: World) => Server;
  readonly strategy: ConcurrencyStrategy;
  readonly seed: number;
  /** The span that counts, in milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** What came of it, in the span that counts. */
export interface Simulated {
  /** Answers per second. */
  readonly throughput: number;
  /** The part of the calls that were refused. */
  readonly refused: number;
  /** Calls sent, refused ones included. */
  readonly sent: number;
  /** How long the one that waited longest for its turn did, in milliseconds. */
  readonly longestWait: number;
  /** The limit over time: the lowest, the highest, and that in the middle. */
  readonly limits: { readonly low: number; readonly high: number; readonly middle: number };
}

class Refused extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super("refused");
    this.reply = reply;
  }
}

/** Simulates calls without end, and says what came of those in the span. */
export async function simulate(simulation: Simulation): Promise<Simulated> {
  const { from, to, strategy } = simulation;
  const clock = new VirtualClock();
  const random = seeded(simulation.seed);
  const server = simulation.server({ clock, random });
  const endpoint = new Endpoint({ random });
  const places = new Places(strategy.limit());
  const limiter = new Limiter({ endpoint, places, clock });
  const { signal } = new AbortController();
  const counts = { answered: 0, refused: 0, sent: 0, longestWait: 0 };
  const limits: number[] = [];
  let open = 0;
  let isOver = false;

  async function attempt(tokens: number, isRetry: boolean): Promise<void> {
    const asked = clock.monotonic();
    const cost = { inputTokens: 0, outputTokens: TOKENS };
    const entering = limiter.enter({ cost, signal, isRetry });
    const admission = entering instanceof Promise ? await entering : entering;
    const now = clock.monotonic();
    const counted = now >= from && now < to;
    if (counted) {
      counts.sent++;
      counts.longestWait = Math.max(counts.longestWait, now - asked);
    }
    supply();
    const reply = await new Promise<Reply>((resolve) => server.ask(tokens, resolve));
    const { isAnswer, isDown = false, retryAfterMs, reading } = reply;
    const end = clock.monotonic();
    if (isAnswer && end >= from && end < to) counts.answered++;
    if (!isAnswer && counted) counts.refused++;
    const outcome = isAnswer ? "answered" : isDown ? "failed" : "refused";
    admission.end({ outcome, isDown, retryAfterMs, reading });
    if (!isAnswer) throw new Refused(reply);
  }

  async function call(): Promise<void> {
    const tokens = Math.round(around(TOKENS, TOKEN_SPREAD, random));
    try {
      await retry((attempts) => attempt(tokens, attempts > 1), {
        clock,
        random,
        signal,
        isRetryable: () => !isOver,
        retryAfterMs: (error) => (error as Refused).reply.retryAfterMs,
      });
    } catch {
      // As many refusals as attempts: counted above.
    }
    open--;
    supply();
  }

  function supply(): void {
    while (!isOver && limiter.waiting < WAITING && open < 5000) {
      open++;
      void call();
    }
  }

  function look(): void {
    const now = clock.monotonic();
    if (now >= from && now < to) limits.push(places.limit.current);
    clock.after(500, look);
  }

  look();
  supply();
  await clock.until(to);
  isOver = true;
  const sorted = limits.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  return {
    throughput: counts.answered / (to - from) * 1000,
    refused: counts.refused / counts.sent,
    sent: counts.sent,
    longestWait: counts.longestWait,
    limits: { low: at(0.05), high: at(0.95), middle: at(0.5) },
  };
}
