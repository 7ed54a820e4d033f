import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { retry, type RetryContext } from "./retry.ts";

class Passing extends Error {}

function context(clock: FakeClock, changes: Partial<RetryContext> = {}): RetryContext {
  return {
    clock,
    random: () => 0.5,
    signal: new AbortController().signal,
    isRetryable: (error) => error instanceof Passing,
    retryAfterMs: () => undefined,
    ...changes,
  };
}

Deno.test("retry() waits exponentially with full jitter, then returns the success", async () => {
  const clock = new FakeClock();
  const start = clock.now();
  const times: number[] = [];
  const running = retry((attempt) => {
    times.push(clock.now() - start);
    return attempt < 4 ? Promise.reject(new Passing()) : Promise.resolve(attempt);
  }, context(clock));
  await clock.pass(60_000);
  assertEquals(await running, 4);
  assertEquals(times, [0, 500, 1500, 3500]);
});

Deno.test("retry() throws the last error itself once the attempts are used up", async () => {
  const clock = new FakeClock();
  const last = new Passing("third");
  const errors = [new Passing("first"), new Passing("second"), last];
  const running = retry(() => Promise.reject(errors.shift()), context(clock, { maxAttempts: 3 }));
  const caught = assertRejects(() => running, Passing);
  await clock.pass(60_000);
  assertStrictEquals(await caught, last);
});

Deno.test("retry() counts refusals for the rate apart, up to a bound, unless nothing is to be tried again", async () => {
  const clock = new FakeClock();
  for (
    const { expected, ...bounds } of [
      { maxAttempts: 2, expected: 32 },
      { maxAttempts: 2, maxRefusals: 3, expected: 5 },
      { maxAttempts: 1, expected: 1 },
    ]
  ) {
    let calls = 0;
    const running = retry(() => {
      calls++;
      return Promise.reject(new Passing());
    }, context(clock, { ...bounds, isRefusal: () => true }));
    const caught = assertRejects(() => running, Passing);
    await clock.pass(3_600_000);
    await caught;
    assertEquals(calls, expected);
  }
});

Deno.test("retry() does not try again what cannot be helped", async () => {
  let calls = 0;
  await assertRejects(
    () =>
      retry(() => {
        calls++;
        return Promise.reject(new TypeError("bad request"));
      }, context(new FakeClock())),
    TypeError,
    "bad request",
  );
  assertEquals(calls, 1);
});

Deno.test("retry() waits as long as it was asked to", async () => {
  const clock = new FakeClock();
  const start = clock.now();
  const running = retry(
    (attempt) => attempt === 1 ? Promise.reject(new Passing()) : Promise.resolve(clock.now()),
    context(clock, { retryAfterMs: () => 45_000 }),
  );
  await clock.pass(60_000);
  assertEquals(await running - start, 45_000);
});

Deno.test("retry() stops waiting when aborted, and throws the call's own error", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const running = retry(
    () => Promise.reject(new Passing("busy")),
    context(clock, { signal: controller.signal }),
  );
  const caught = assertRejects(() => running, Passing, "busy");
  await clock.pass(10);
  controller.abort();
  await caught;
  assertEquals(clock.pending, 0);
});

Deno.test("retry() does not count attempts that only find out if the endpoint is up", async () => {
  const clock = new FakeClock();
  let calls = 0;
  const running = retry(
    () => ++calls < 10 ? Promise.reject(new Passing()) : Promise.resolve(calls),
    context(clock, { maxAttempts: 2, isProbe: () => calls > 1 }),
  );
  await clock.pass(600_000);
  assertEquals(await running, 10);
});

Deno.test("retry() makes no attempt beyond its time, turns that were waited for not counted", async () => {
  const clock = new FakeClock();
  const run = async (waitedMs: number) => {
    let calls = 0;
    const running = retry(() => {
      calls++;
      return Promise.reject(new Passing());
    }, context(clock, { maxAttempts: 10, maxTime: 2000, waitedMs: () => waitedMs }));
    const caught = assertRejects(() => running, Passing);
    await clock.pass(600_000);
    await caught;
    return calls;
  };
  // After 500 and 1500 ms; the next one would be after 3500.
  assertEquals(await run(0), 3);
  assertEquals(await run(2000), 4);
});
