/**
 * Servers that models of the simulator stand for.
 *
 * @module
 */
import type { Clock } from "../../src/clock.ts";
import type { QuotaReading } from "../../src/schedule/quota.ts";

/** What a server answers with. */
export interface Reply {
  readonly isAnswer: boolean;
  /** Of a refusal: whether it is one for the rate, or of a server that is down. */
  readonly isDown?: boolean;
  readonly retryAfterMs?: number;
  readonly reading?: QuotaReading;
}

/** A server in virtual time. */
export interface Server {
  /** Takes a call of so many tokens; the reply may come at once. */
  ask(tokens: number, reply: (reply: Reply) => void): void;
}

/** What servers are made of. */
export interface World {
  readonly clock: Clock;
  /** A number from 0 up to 1, seeded. */
  readonly random: () => number;
}

/** A random number around `mean`, log-normal; `spread` is that of its logarithm. */
export function around(mean: number, spread: number, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return mean * Math.exp(spread * normal - spread * spread / 2);
}

/** Options of {@linkcode capacityServer}. */
export interface CapacityOptions {
  /** How many calls it works on at once, at a time in milliseconds. */
  readonly capacity: (now: number) => number;
  /** How many more wait with it; beyond them it refuses. */
  readonly queue: number;
  /** The mean of the time that a call takes, in milliseconds. */
  readonly latencyMs: number;
  readonly spread: number;
}

/** Works on so many calls at once, lets some wait, and refuses the rest. */
export function capacityServer({ clock, random }: World, options: CapacityOptions): Server {
  let working = 0;
  const queue: (() => void)[] = [];
  function work(reply: (reply: Reply) => void): void {
    working++;
    clock.after(around(options.latencyMs, options.spread, random), () => {
      working--;
      reply({ isAnswer: true });
      while (queue.length > 0 && working < options.capacity(clock.monotonic())) queue.shift()?.();
    });
  }
  return {
    ask(_tokens, reply) {
      if (working < options.capacity(clock.monotonic())) return work(reply);
      if (queue.length < options.queue) queue.push(() => work(reply));
      else clock.after(5, () => reply({ isAnswer: false }));
    },
  };
}

/** Options of {@linkcode batchingServer}. */
export interface BatchingOptions {
  /** Milliseconds that a step takes, and so many more for each sequence in it. */
  readonly stepMs: number;
  readonly sequenceMs: number;
  readonly maxBatch: number;
  /** The mean number of steps of an answer. */
  readonly steps: number;
  readonly spread: number;
}

/** A GPU: each step advances all sequences of its batch; the others wait. */
export function batchingServer({ clock, random }: World, options: BatchingOptions): Server {
  const batch = new Set<{ left: number; readonly reply: (reply: Reply) => void }>();
  const queue: { left: number; readonly reply: (reply: Reply) => void }[] = [];
  let isRunning = false;
  function step(): void {
    while (batch.size < options.maxBatch) {
      const next = queue.shift();
      if (!next) break;
      batch.add(next);
    }
    isRunning = batch.size > 0;
    if (!isRunning) return;
    clock.after(options.stepMs + options.sequenceMs * batch.size, () => {
      for (const sequence of [...batch]) {
        if (--sequence.left > 0) continue;
        batch.delete(sequence);
        sequence.reply({ isAnswer: true });
      }
      step();
    });
  }
  return {
    ask(_tokens, reply) {
      queue.push({
        left: Math.max(1, Math.round(around(options.steps, options.spread, random))),
        reply,
      });
      if (!isRunning) step();
    },
  };
}

/** Options of {@linkcode quotaServer}. */
export interface QuotaOptions {
  readonly kind: "requests" | "tokens";
  readonly perMinute: number;
  /** Whether what was used comes back all the time, or at the end of each minute. */
  readonly refill: "flow" | "window";
  readonly latencyMs: number;
  readonly spread: number;
}

/** Allows so many requests or tokens per minute, and says what is left with each reply. */
export function quotaServer({ clock, random }: World, options: QuotaOptions): Server {
  const { kind, perMinute: limit, refill, latencyMs, spread } = options;
  let left = limit;
  let at = 0;
  function refillUntil(now: number): void {
    if (refill === "flow") left = Math.min(limit, left + limit * (now - at) / 60_000);
    else if (Math.floor(now / 60_000) > Math.floor(at / 60_000)) left = limit;
    at = now;
  }
  function reading(now: number): QuotaReading {
    const used = limit - left;
    const resetMs = refill === "flow" ? used / limit * 60_000 : 60_000 - now % 60_000;
    return { [kind]: { limit, remaining: Math.floor(left), resetMs: Math.ceil(resetMs) } };
  }
  return {
    ask(tokens, reply) {
      const now = clock.monotonic();
      refillUntil(now);
      const cost = kind === "requests" ? 1 : tokens;
      if (left < cost) {
        const retryAfterMs = refill === "flow"
          ? (cost - left) / limit * 60_000
          : 60_000 - now % 60_000;
        const said = { isAnswer: false, retryAfterMs, reading: reading(now) };
        clock.after(5, () => reply(said));
        return;
      }
      left -= cost;
      const said = { isAnswer: true, reading: reading(now) };
      clock.after(around(latencyMs, spread, random), () => reply(said));
    },
  };
}

/** A server that is down from one moment to another, in milliseconds. */
export function downBetween(server: Server, { clock }: World, from: number, to: number): Server {
  return {
    ask(tokens, reply) {
      const now = clock.monotonic();
      if (now < from || now >= to) return server.ask(tokens, reply);
      clock.after(20, () => reply({ isAnswer: false, isDown: true }));
    },
  };
}
