import { assert, assertEquals, assertRejects } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { Endpoint } from "./endpoint.ts";
import { type Admission, Limiter } from "./limiter.ts";
import { Places } from "./places.ts";
import { slidingWindow } from "./sliding_window.ts";

const COST = { inputTokens: 10, outputTokens: 10 };

function setUp({ window = 100 }: { readonly window?: number } = {}) {
  const clock = new FakeClock();
  const endpoint = new Endpoint({ random: () => 1 });
  const places = new Places(slidingWindow({ maxConcurrency: window }).limit());
  const limiter = new Limiter({ endpoint, places, clock });
  const log: string[] = [];
  const admissions: Admission[] = [];
  const { signal } = new AbortController();
  /** Asks, and notes when it is let through. */
  async function ask(name: string, more: { signal?: AbortSignal; isRetry?: boolean } = {}) {
    const admission = await limiter.enter({ cost: COST, signal, isRetry: false, ...more });
    log.push(name);
    admissions.push(admission);
    return admission;
  }
  return { clock, endpoint, places, limiter, log, admissions, ask };
}

Deno.test("a limiter lets through as many as there are places, first come, first served", async () => {
  const { ask, log, admissions, limiter, clock } = setUp({ window: 2 });
  const asked = ["a", "b", "c", "d"].map((name) => ask(name));
  await Promise.all(asked.slice(0, 2));
  assertEquals([log, limiter.waiting], [["a", "b"], 2]);
  admissions[1]?.end({ outcome: "answered" });
  admissions[1]?.end({ outcome: "answered" });
  await asked[2];
  assertEquals(log, ["a", "b", "c"], "a second end gives no second place");
  admissions[0]?.end({ outcome: "stopped" });
  await asked[3];
  assertEquals(limiter.waiting, 0);
  assertEquals(clock.pending, 0);
});

Deno.test("a call that is made again goes before those that were not made yet", async () => {
  const { ask, log, admissions } = setUp({ window: 1 });
  await ask("a");
  const waiting = [ask("b"), ask("again", { isRetry: true })];
  admissions[0]?.end({ outcome: "failed" });
  await waiting[1];
  admissions[1]?.end({ outcome: "answered" });
  await waiting[0];
  assertEquals(log, ["a", "again", "b"]);
});

Deno.test("a call that is aborted waits no longer, and takes no place", async () => {
  const { ask, log, admissions, limiter } = setUp({ window: 1 });
  await ask("a");
  const stop = new AbortController();
  const gone = ask("gone", { signal: stop.signal });
  const next = ask("next");
  stop.abort(new RangeError("enough"));
  await assertRejects(() => gone, RangeError, "enough");
  assertEquals(limiter.waiting, 1);
  admissions[0]?.end({ outcome: "answered" });
  await next;
  assertEquals(log, ["a", "next"]);
});

Deno.test("calls are spread out by what the endpoint says that it allows yet", async () => {
  const { ask, log, admissions, clock } = setUp();
  await ask("a");
  admissions[0]?.end({
    outcome: "answered",
    reading: { requests: { limit: 60, remaining: 2.2, resetMs: 57_800 } },
  });
  const asked = ["b", "c", "d"].map((name) => ask(name));
  await clock.pass(0);
  assertEquals(log, ["a", "b"], "1.2 of 60 are kept back");
  await clock.pass(999);
  assertEquals(log, ["a", "b"]);
  await clock.pass(20);
  assertEquals(log, ["a", "b", "c"]);
  await clock.pass(1020);
  await Promise.all(asked);
  assertEquals(clock.pending, 0);
});

Deno.test("a refusal's Retry-After holds all calls once a later call is refused too", async () => {
  const { ask, log, admissions, clock } = setUp();
  await ask("a");
  await clock.pass(10);
  admissions[0]?.end({ outcome: "refused", retryAfterMs: 5000 });
  await clock.pass(10);
  await ask("b");
  await clock.pass(10);
  admissions[1]?.end({ outcome: "refused", retryAfterMs: 5000 });
  const held = ask("c");
  await clock.pass(4999);
  assertEquals(log, ["a", "b"]);
  await clock.pass(1);
  await held;
});

Deno.test("an endpoint that is down is left alone but for one call that finds out", async () => {
  const { ask, log, admissions, clock } = setUp({ window: 3 });
  const down = { outcome: "failed", isDown: true, error: new Error("503") } as const;
  await Promise.all(["a", "b", "c"].map((name) => ask(name)));
  for (const admission of admissions) admission.end(down);
  const waiting = ["d", "e", "f"].map((name) => ask(name));
  await clock.pass(999);
  assertEquals(log, ["a", "b", "c"]);
  await clock.pass(1);
  assertEquals(log, ["a", "b", "c", "d"]);
  assert(admissions[3]?.isProbe);
  await clock.pass(60_000);
  assertEquals(log.length, 4, "nothing else goes while one finds out");
  admissions[3]?.end({ outcome: "answered" });
  await Promise.all(waiting);
  assertEquals(clock.pending, 0);
});

Deno.test("a call inside of another one takes no place, which the other one holds", async () => {
  const { limiter, places } = setUp({ window: 1 });
  const { signal } = new AbortController();
  const asking = { cost: COST, signal, isRetry: false };
  const outer = await limiter.enter(asking);
  const inner = await limiter.enter({ ...asking, isInside: true });
  inner.end({ outcome: "answered" });
  assertEquals(places.inFlight, 1);
  outer.end({ outcome: "answered" });
  assertEquals(places.inFlight, 0);
});

Deno.test("a call inside of another one goes before those that wait for its caller's place", async () => {
  const { ask, log, admissions, limiter, clock } = setUp({ window: 1 });
  const { signal } = new AbortController();
  const inside = { cost: COST, signal, isRetry: false, isInside: true };
  await ask("outer");
  const waiting = ask("next");
  (await limiter.enter(inside)).end({ outcome: "answered" });
  limiter.endpoint.breaker.hold(1000, clock.monotonic());
  const held = Promise.resolve(limiter.enter(inside)).then((admission) => {
    log.push("inner");
    admission.end({ outcome: "answered" });
  });
  await clock.pass(1000);
  await held;
  admissions[0]?.end({ outcome: "answered" });
  await waiting;
  assertEquals(log, ["outer", "inner", "next"]);
});

Deno.test("limiters that share places get them by turns", async () => {
  const clock = new FakeClock();
  const places = new Places(slidingWindow({ maxConcurrency: 1 }).limit());
  const [one, two] = [0, 1].map(() =>
    new Limiter({ endpoint: new Endpoint({ random: () => 1 }), places, clock })
  );
  assert(one && two);
  const { signal } = new AbortController();
  const log: string[] = [];
  const asked = [one, one, one, two, two].map(async (limiter) => {
    const admission = await limiter.enter({ cost: COST, signal, isRetry: false });
    log.push(limiter === one ? "one" : "two");
    await clock.pass(0);
    admission.end({ outcome: "answered" });
  });
  await Promise.all(asked);
  assertEquals(log, ["one", "one", "two", "one", "two"]);
});

Deno.test("a refusal for a spent allowance does not cut the limit, another one does", async () => {
  const ended: string[] = [];
  const clock = new FakeClock();
  const places = new Places({ current: 5, ended: ({ outcome }) => ended.push(outcome) });
  const limiter = new Limiter({ endpoint: new Endpoint({ random: () => 1 }), places, clock });
  const { signal } = new AbortController();
  for (const remaining of [0, 5]) {
    const admission = await limiter.enter({ cost: COST, signal, isRetry: false });
    const reading = { requests: { limit: 60, remaining, resetMs: 1 } };
    admission.end({ outcome: "refused", reading });
    await clock.pass(100);
  }
  assertEquals(ended, ["failed", "refused"]);
});

Deno.test("a limiter tells how many calls wait for an endpoint that is away, and when no more do", async () => {
  const clock = new FakeClock();
  const endpoint = new Endpoint({ random: () => 1 });
  const places = new Places(slidingWindow({ maxConcurrency: 100 }).limit());
  let parked = 0;
  const onParked = (change: number) => parked += change;
  const limiter = new Limiter({ endpoint, places, clock, onParked });
  const stop = new AbortController();
  const asking = { cost: COST, signal: stop.signal, isRetry: false };
  for (let call = 0; call < 10; call++) {
    const admission = await limiter.enter(asking);
    admission.end({ outcome: "failed", isDown: true });
  }
  const waiting = [limiter.enter(asking), limiter.enter(asking), limiter.enter(asking)];
  assertEquals([parked, limiter.waiting], [3, 3]);
  clock.advance(1000);
  assertEquals(parked, 2, "one finds out");
  const probe = await waiting[0];
  probe?.end({ outcome: "answered" });
  assertEquals([parked, limiter.waiting], [0, 0]);
  stop.abort();
  await Promise.all(waiting);
});
