import { assertEquals } from "@std/assert";
import { Breaker, type FailedCall } from "./breaker.ts";

function failure(now: number, more: Partial<FailedCall> = {}): FailedCall {
  return { isProbe: false, startedAt: now - 1, now, limit: 1, retryAfterMs: undefined, ...more };
}

function breaker(told: string[] = []): Breaker {
  return new Breaker({
    random: () => 1,
    onDown: (error) => told.push(`down: ${error}`),
    onUp: (downMs) => told.push(`up after ${downMs}`),
  });
}

Deno.test("a breaker lets nothing through after failures in a row, then one call at a time", () => {
  const told: string[] = [];
  const one = breaker(told);
  for (const now of [1, 2, 3]) {
    assertEquals(one.wait(now), 0);
    one.failed("no route", failure(now));
  }
  assertEquals(told, ["down: no route"]);
  assertEquals(one.wait(3), 1000);
  assertEquals(one.wait(1003), 0);
  assertEquals(one.send(), true);
  assertEquals(one.wait(1003), undefined, "one finds out");
  one.failed("no route", failure(1010, { isProbe: true }));
  assertEquals(one.wait(1010), 2000, "twice as long");
  assertEquals(one.send(), true);
  one.answered(3020, 3010);
  assertEquals(one.wait(3020), 0);
  assertEquals(told, ["down: no route", "up after 3017"]);
});

Deno.test("a breaker takes no half of the calls for an outage", () => {
  const one = breaker();
  for (let now = 1; now < 100; now += 2) {
    one.failed("500", failure(now));
    one.answered(now + 1, now);
  }
  assertEquals(one.downSince, undefined);
});

Deno.test("a breaker does not go by answers to calls from before the outage", () => {
  const one = breaker();
  for (const now of [101, 103, 105]) {
    one.failed("503", failure(now));
    one.answered(now + 1, 50);
  }
  assertEquals(one.downSince, 105);
});

Deno.test("a breaker waits as long as it was asked to, and lets a stopped probe be followed", () => {
  const one = breaker();
  for (const now of [1, 2, 3]) one.failed("503", failure(now, { retryAfterMs: 60_000 }));
  assertEquals(one.wait(3), 60_000);
  assertEquals(one.send(), true);
  one.abandoned(true);
  assertEquals(one.wait(60_003), 0);
});

Deno.test("with many calls at once it takes more failures, since some fail anyway", () => {
  const one = breaker();
  for (let now = 1; now < 10; now++) one.failed("500", failure(now, { limit: 50 }));
  assertEquals(one.downSince, undefined);
  one.failed("500", failure(10, { limit: 50 }));
  assertEquals(one.downSince, 10);
});

Deno.test("failures of calls from before the endpoint was up again say nothing new", () => {
  const told: string[] = [];
  const one = breaker(told);
  for (const now of [1, 2, 3]) one.failed("500", failure(now));
  one.send();
  one.answered(1010, 1003);
  for (let late = 0; late < 10; late++) one.failed("500", failure(1020 + late, { startedAt: 2 }));
  assertEquals(one.wait(1030), 0);
  assertEquals(told, ["down: 500", "up after 1007"]);
});
