import { assert, assertEquals, assertThrows } from "@std/assert";
import { adaptive, type AdaptiveOptions } from "./adaptive.ts";
import type { CallOutcome, ConcurrencyLimit } from "./strategy.ts";

/** A server that answers `capacity` calls at once, each in 100 ms; the rest queue. */
function serve(limit: ConcurrencyLimit, capacity: number, calls: number): number[] {
  const limits: number[] = [];
  let now = 0;
  for (let call = 0; call < calls; call++) {
    const { current } = limit;
    const waiting = Math.max(1, current / capacity);
    now += 100 / Math.min(current, capacity);
    end(limit, { now, latency: 100 * waiting });
    if (limits.at(-1) !== limit.current) limits.push(limit.current);
  }
  return limits;
}

interface End {
  readonly now: number;
  readonly latency?: number;
  readonly outcome?: CallOutcome;
  readonly inFlight?: number;
  readonly waiting?: number;
}

function end(limit: ConcurrencyLimit, { now, latency = 100, ...more }: End): void {
  const { outcome = "answered", inFlight = limit.current - 1, waiting = 1 } = more;
  limit.ended({ startedAt: now - latency, endedAt: now, outcome, inFlight, waiting });
}

Deno.test("adaptive() doubles while throughput grows, and stops near the capacity", () => {
  const limits = serve(adaptive({ initial: 4 }).limit(), 100, 20_000);
  assertEquals(limits.slice(0, 5), [4, 8, 16, 32, 64]);
  const last = limits.at(-1) ?? 0;
  assert(last >= 90 && last <= 200, `ended at ${last}: ${limits}`);
});

Deno.test("adaptive() reaches its maximum when nothing holds it back, and not more", () => {
  assertEquals(Math.max(...serve(adaptive({ max: 256 }).limit(), 10_000, 20_000)), 256);
});

Deno.test("adaptive() backs off once for calls that are refused together", () => {
  const limit = adaptive({ initial: 40, backoff: 0.5 }).limit();
  end(limit, { now: 1000, outcome: "refused" });
  end(limit, { now: 1001, outcome: "refused", inFlight: 38 });
  assertEquals(limit.current, 20);
  end(limit, { now: 3000, outcome: "refused" });
  assertEquals(limit.current, 10);
});

Deno.test("adaptive() returns to just below what was refused, and tries more only carefully", () => {
  const limit = adaptive({ initial: 40 }).limit();
  end(limit, { now: 1000, outcome: "refused" });
  assertEquals(limit.current, 28);
  let now = 1001;
  for (let call = 0; call < 40; call++) end(limit, { now: now += 5, latency: 1 });
  assertEquals(limit.current, 39);
  const tried = new Set<number>();
  for (let call = 0; call < 1500; call++) {
    end(limit, { now: now += 3, latency: 1 });
    tried.add(limit.current);
  }
  assertEquals([...tried].slice(0, 2), [39, 40]);
});

Deno.test("adaptive() does not grow while its limit is not used up", () => {
  const limit = adaptive({ initial: 10 }).limit();
  for (let now = 1; now < 1000; now++) end(limit, { now: now * 10, inFlight: 2, waiting: 0 });
  assertEquals(limit.current, 10);
});

Deno.test("adaptive() goes by the endpoint's own queue, where it tells of it", () => {
  const limit = adaptive({ initial: 100 }).limit();
  limit.loaded?.({ running: 50, waiting: 50 });
  assertEquals(limit.current, 75);
  limit.loaded?.({ running: 75, waiting: 0 });
  assertEquals(limit.current, 75);
});

Deno.test("adaptive() never leaves its range", () => {
  const limit = adaptive({ initial: 2, min: 2, max: 3 }).limit();
  for (let now = 1000; now < 9000; now += 1000) end(limit, { now, outcome: "refused" });
  assertEquals(limit.current, 2);
});

Deno.test("adaptive() says which option is out of its range", () => {
  const cases: readonly (readonly [AdaptiveOptions, string])[] = [
    [{ max: 0 }, '"max" is 0'],
    [{ min: 1.5 }, '"min" is 1.5'],
    [{ initial: 5, max: 4 }, "starts with 5"],
    [{ backoff: 1 }, '"backoff" is 1'],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => adaptive(options), TypeError, message);
  }
});
