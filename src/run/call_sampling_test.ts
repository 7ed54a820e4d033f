import { assertEquals } from "@std/assert";
import { foreach } from "../evaluation/foreach.ts";
import { slidingWindow } from "../schedule/sliding_window.ts";
import { memoryStorage } from "../storage/memory.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { CallSampling } from "./call_sampling.ts";
import { CallTally } from "./call_tally.ts";
import { Endpoints } from "./endpoints.ts";
import type { RunEvent } from "./events.ts";
import { run } from "./run.ts";
import { countingClient } from "./testing/counting_client.ts";
import { correct } from "./testing/records.ts";

type Sampled = Extract<RunEvent, { type: "calls-sampled" }>;

const COST = { inputTokens: 10, outputTokens: 10 };

Deno.test("a reading says how many calls wait and why, and is told where it has changed", async () => {
  const clock = new FakeClock();
  const session = new Endpoints({ clock, random: () => 1, onDown() {}, onUp() {} });
  const limits = session.under(slidingWindow({ maxConcurrency: 1 }));
  const client = { generate: () => Promise.resolve({ text: "" }) };
  const { limiter } = limits.of({ model: client, name: "small" });
  const tally = new CallTally();
  const told: Sampled[] = [];
  const sampling = new CallSampling({
    clock,
    limits,
    tallies: [{ label: "e", tally }, { label: "idle", tally: new CallTally() }],
    emit: (event) => {
      if (event.type === "calls-sampled") told.push(event);
    },
  });
  const { signal } = new AbortController();
  const enter = () => limiter.enter({ cost: COST, signal, isRetry: false });
  const first = await enter();
  const second = enter();
  tally.items = 2;
  tally.calls = 2;
  tally.waiting.turn = 1;
  clock.advance(250);
  assertEquals(told, [{
    type: "calls-sampled",
    evaluations: [{
      evaluation: "e",
      items: 2,
      inFlight: 1,
      waiting: { turn: 1, retry: 0, budget: 0 },
    }],
    endpoints: [{ models: ["small"], inFlight: 1, limit: 1, waiting: 1, pause: undefined }],
  }]);
  clock.advance(1_000);
  assertEquals(told.length, 1, "nothing has changed");
  const third = enter();
  const reading = { requests: { remaining: 0, resetMs: 60_000, limit: 10 } };
  first.end({ outcome: "answered", reading });
  clock.advance(250);
  assertEquals(told[1]?.endpoints[0]?.pause?.why, "quota");
  sampling[Symbol.dispose]();
  clock.advance(120_000);
  (await second).end({ outcome: "answered" });
  (await third).end({ outcome: "answered" });
  assertEquals([told.length, clock.pending], [2, 0], "nothing is told once it is over");
});

Deno.test("an endpoint that is down, and one that asked to be left alone, is why its calls wait", async () => {
  const clock = new FakeClock();
  const session = new Endpoints({ clock, random: () => 1, onDown() {}, onUp() {} });
  const limits = session.under(slidingWindow({ maxConcurrency: 4 }));
  const client = { generate: () => Promise.resolve({ text: "" }) };
  const { limiter } = limits.of({ model: client, name: "small" });
  const stopped = new AbortController();
  const enter = () => limiter.enter({ cost: COST, signal: stopped.signal, isRetry: false });
  const why = () => limits.now(clock.monotonic())[0]?.pause;
  for (let call = 0; call < 2; call++) {
    clock.advance(10);
    const admission = await enter();
    admission.end({ outcome: "refused", retryAfterMs: 7_000 });
  }
  const waits = Promise.resolve(enter()).catch(() => {});
  assertEquals(why(), { why: "asked", leftMs: 7_000 });
  clock.advance(7_000);
  await waits;
  for (let call = 0; call < 4; call++) {
    const admission = enter();
    if ("end" in admission) admission.end({ outcome: "failed", isDown: true });
  }
  const last = Promise.resolve(enter()).catch(() => {});
  assertEquals(why(), { why: "down", leftMs: 1_000 });
  stopped.abort();
  await last;
});

Deno.test("a run tells how many of its calls are in flight, and that none are once they ended", async () => {
  const told = Promise.withResolvers<Sampled>();
  const { client } = countingClient(async () => {
    await told.promise;
    return "4";
  });
  const asking = foreach("n", [1, 2, 3], { name: "asking" }, async ({ n }) => {
    await client.generate(String(n));
    return correct(true);
  });
  await using _results = await run(asking, {
    storage: memoryStorage(),
    concurrency: 2,
    onEvent(event) {
      if (event.type === "calls-sampled") told.resolve(event);
    },
  });
  const { evaluations, endpoints } = await told.promise;
  assertEquals(evaluations, [{
    evaluation: "asking",
    items: 2,
    inFlight: 2,
    waiting: { turn: 0, retry: 0, budget: 0 },
  }]);
  assertEquals(endpoints.map(({ inFlight, limit }) => [inFlight, limit]), [[2, 2]]);
});
