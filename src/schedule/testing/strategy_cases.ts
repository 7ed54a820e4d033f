/**
 * What every concurrency strategy does.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { CallOutcome, ConcurrencyLimit, ConcurrencyStrategy } from "../strategy.ts";

const OUTCOMES: readonly CallOutcome[] = ["answered", "refused", "failed"];

/** Has calls end, with outcomes and latencies that look like chance and are the same each time. */
function strain(limit: ConcurrencyLimit, calls: number, look: () => void): void {
  let state = 1;
  const next = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
  let now = 0;
  for (let call = 0; call < calls; call++) {
    now += next(50);
    limit.ended({
      startedAt: now - 1 - next(2000),
      endedAt: now,
      outcome: OUTCOMES[next(10) < 8 ? 0 : next(3)] ?? "answered",
      inFlight: next(limit.current),
      waiting: next(20),
    });
    if (call % 100 === 0) limit.loaded?.({ running: next(100), waiting: next(100) });
    look();
  }
}

/** Tests that a strategy is one; `name` is what the tests call it. */
export function testStrategy(name: string, make: () => ConcurrencyStrategy): void {
  Deno.test(`${name}: a limit is a whole number from 1 to maxConcurrency, whatever happens`, () => {
    const strategy = make();
    const limit = strategy.limit();
    strain(limit, 20_000, () => {
      const { current } = limit;
      const isRight = Number.isSafeInteger(current) && current >= 1 &&
        current <= strategy.maxConcurrency;
      assert(isRight, `the limit is ${current}`);
    });
  });

  Deno.test(`${name}: each limit begins anew, and they do not know of each other`, () => {
    const strategy = make();
    const [one, other] = [strategy.limit(), strategy.limit()];
    const start = one.current;
    strain(one, 1000, () => assertEquals(other.current, start));
    assertEquals(strategy.limit().current, start);
  });

  Deno.test(`${name}: the same calls lead to the same limit`, () => {
    const [one, other] = [make().limit(), make().limit()];
    const seen: number[] = [];
    strain(one, 5000, () => seen.push(one.current));
    strain(other, 5000, () => assertEquals(other.current, seen.shift()));
  });
}
