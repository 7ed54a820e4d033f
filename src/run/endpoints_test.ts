import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { adaptive } from "../schedule/adaptive.ts";
import type { Admission } from "../schedule/limiter.ts";
import { slidingWindow } from "../schedule/sliding_window.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { Endpoints, type LimitedModel, type ModelLimits } from "./endpoints.ts";

function endpoints(): Endpoints {
  return new Endpoints({ clock: new FakeClock(), random: () => 1, onDown() {}, onUp() {} });
}

function modelAt(endpoint?: string): LimitedModel {
  const model = { generate: () => Promise.resolve({ text: "" }) };
  return { model, name: "m", endpoint };
}

/** How many calls are let through at once. */
function room(...all: readonly ModelLimits[]): number {
  const { signal } = new AbortController();
  const cost = { inputTokens: 1, outputTokens: 1 };
  const entered: (Admission | Promise<Admission>)[] = [];
  for (let call = 0; call < 100; call++) {
    const limits = all[call % all.length];
    assert(limits);
    entered.push(limits.limiter.enter({ cost, signal, isRetry: false }));
  }
  return entered.filter((one) => !(one instanceof Promise)).length;
}

Deno.test("models of one endpoint and key share a limit, whatever their options and run", () => {
  const session = endpoints();
  const one = session.under(adaptive({ initial: 5 })).of(modelAt("openai a KEY"));
  const same = session.under(adaptive({ initial: 7 })).of(modelAt("openai a KEY"));
  assertStrictEquals(one.limiter.endpoint, same.limiter.endpoint);
  assertEquals(room(one, same), 5, "that of the first");
  const other = session.under(adaptive({ initial: 7 })).of(modelAt("openai a OTHER_KEY"));
  assert(one.limiter.endpoint !== other.limiter.endpoint);
  assertEquals(room(other), 7);
});

Deno.test("a client without an endpoint's name is an endpoint of its own", () => {
  const run = endpoints().under(adaptive());
  const [one, two] = [modelAt(), modelAt()];
  assertStrictEquals(run.of(one).limiter, run.of(one).limiter);
  assert(run.of(one).limiter.endpoint !== run.of(two).limiter.endpoint);
});

Deno.test("a window is one for all endpoints of a run", () => {
  const run = endpoints().under(slidingWindow({ maxConcurrency: 6 }));
  assertEquals(room(run.of(modelAt("a")), run.of(modelAt("b"))), 6);
});
