import { assert, assertEquals } from "@std/assert";
import { adaptive, type ConcurrencyStrategy } from "./adaptive.ts";

/** A server that answers `capacity` calls at once, each in 100 ms; the rest queue. */
function serve(strategy: ConcurrencyStrategy, capacity: number, rounds: number): number[] {
  const limits: number[] = [];
  let now = 0;
  for (let round = 0; round < rounds; round++) {
    const { limit } = strategy;
    for (let call = 0; call < limit; call++) {
      now += 100 / Math.min(limit, capacity);
      strategy.settled(limit - 1, now);
    }
    limits.push(strategy.limit);
  }
  return limits;
}

Deno.test("adaptive() grows while throughput grows, and stops near the capacity", () => {
  const limits = serve(adaptive({ initial: 4, max: 1000 }), 64, 9);
  const last = limits.at(-1) ?? 0;
  assert(last >= 64 && last <= 256, `ended at ${last}: ${limits}`);
});

Deno.test("adaptive() reaches its maximum when nothing holds it back", () => {
  assertEquals(serve(adaptive({ initial: 10, max: 256 }), 10_000, 12).at(-1), 256);
});

Deno.test("adaptive() halves once for calls that are refused together", () => {
  const strategy = adaptive({ initial: 40 });
  strategy.refused(1000);
  strategy.refused(1100);
  assertEquals(strategy.limit, 20);
  strategy.refused(3000);
  assertEquals(strategy.limit, 10);
});

Deno.test("adaptive() does not grow while its limit is not used", () => {
  const strategy = adaptive({ initial: 10 });
  for (let now = 1; now < 100; now++) strategy.settled(2, now * 10);
  assertEquals(strategy.limit, 10);
});
