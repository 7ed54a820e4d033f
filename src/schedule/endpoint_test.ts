import { assert, assertEquals } from "@std/assert";
import { Endpoint } from "./endpoint.ts";

const COST = { inputTokens: 1, outputTokens: 1 };
const HOUR = 3_600_000;

/** Two calls that were refused one after the other, for so long. */
function refused(retryAfterMs: number): Endpoint {
  const one = new Endpoint({ random: () => 1 });
  for (const now of [0, 10]) {
    one.ended(one.send(COST, now), { outcome: "refused", retryAfterMs }, {
      now: now + 5,
      limit: 9,
    });
  }
  return one;
}

Deno.test("an endpoint is left alone for an hour at most: whoever calls then is told", () => {
  assertEquals(refused(HOUR).wait(COST, 15), HOUR);
  assertEquals(refused(HOUR).pause(COST, 15), { why: "asked", leftMs: HOUR });
  assertEquals(refused(HOUR + 1).wait(COST, 15), 0);
  assertEquals(refused(Infinity).pause(COST, 15), undefined);
});

Deno.test("an allowance is waited for an hour at most", () => {
  const spent = (resetMs: number) => {
    const one = new Endpoint({ random: () => 1 });
    const reading = { requests: { remaining: 0, resetMs } };
    one.ended(one.send(COST, 0), { outcome: "answered", reading }, { now: 5, limit: 9 });
    return one;
  };
  assertEquals(spent(HOUR).pause(COST, 0), { why: "quota", leftMs: HOUR });
  const absurd = spent(1000 * 365 * 24 * HOUR);
  assertEquals([absurd.wait(COST, 0), absurd.pause(COST, 0)], [0, undefined]);
});

Deno.test("an endpoint that is down and asks for days is asked again by the breaker's own time", () => {
  const one = new Endpoint({ random: () => 1 });
  for (const now of [0, 1, 2]) {
    const end = { outcome: "refused", isDown: true, retryAfterMs: 1e15 } as const;
    one.ended(one.send(COST, now), end, { now: now + 1, limit: 1 });
  }
  const wait = one.wait(COST, 3);
  assert(wait !== undefined && wait > 0 && wait <= 1000, `${wait}`);
});
