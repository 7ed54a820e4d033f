import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  AuthenticationError,
  type ModelErrorOptions,
  RateLimitError,
  TransientError,
} from "../providers/model_error.ts";
import { Endpoint } from "../schedule/endpoint.ts";
import { FutileCalls } from "./futile_calls.ts";

const COST = { inputTokens: 1, outputTokens: 1 };

function endpoint(): Endpoint {
  return new Endpoint({ random: () => 1 });
}

Deno.test("a single request that is refused ends nothing where others were answered", () => {
  const one = endpoint();
  one.ended(one.send(COST, 0), { outcome: "answered" }, { now: 1, limit: 10 });
  const flagged = new AuthenticationError("Your input was flagged", { status: 403 });
  const failed = new FutileCalls().failed({ model: "m", error: flagged, endpoint: one });
  assertEquals(failed, undefined);
  const revoked = new AuthenticationError("Invalid key", { status: 401 });
  const ended = new FutileCalls().failed({ model: "m", error: revoked, endpoint: one });
  assertEquals([ended?.code, ended?.exitCode], ["key-refused", 4]);
});

Deno.test("20 first failures count only while all say the same, but for ids and times", () => {
  const alike = new FutileCalls();
  const different = new FutileCalls();
  const fail = (calls: FutileCalls, text: string) =>
    calls.failed({ model: "m", error: new Error(text), endpoint: endpoint() })?.message;
  for (let call = 1; call < 20; call++) {
    assertEquals(fail(alike, `failed at 12:00:${call}, req_${call}f`), undefined);
    assertEquals(fail(different, call === 10 ? "another" : "the same"), undefined);
  }
  const text = 'The first 20 calls of "m" all failed alike: failed at 12:00:20, req_20f';
  assertEquals(fail(alike, "failed at 12:00:20, req_20f"), text);
  assertEquals(fail(different, "the same"), undefined);
});

Deno.test("an endpoint that stays down is given up after five minutes", () => {
  const one = endpoint();
  const error = new TransientError("HTTP 503", { status: 503 });
  for (let call = 0; call < 3; call++) {
    const end = { outcome: "refused", isDown: true, error } as const;
    one.ended(one.send(COST, call), end, { now: call + 1, limit: 1 });
  }
  const call = { model: "m", error, endpoint: one };
  assertEquals(FutileCalls.away(call, 200_000), undefined);
  const ended = FutileCalls.away(call, 301_000);
  assertEquals(ended?.message, 'The endpoint of "m" has been down for 5 min: HTTP 503');
});

Deno.test("an endpoint that asks to be left alone for more than an hour is not waited for", () => {
  const away = (options: ModelErrorOptions) => {
    const error = new RateLimitError("Enough for today", { status: 429, ...options });
    return FutileCalls.away({ model: "m", error, endpoint: endpoint() }, 0);
  };
  assertEquals(away({ retryAfterMs: 3_600_000 }), undefined);
  const ended = away({ retryAfterMs: 5 * 3_600_000 });
  assertEquals([ended?.code, ended?.exitCode], ["endpoint-rests", 4]);
  const text = 'The endpoint of "m" asks to be left alone for 5.0 hours: Enough for today';
  assertEquals(ended?.message, text);
  assertEquals(ended?.hint, "Once it answers again, the same command goes on with what is left.");
  assertStringIncludes(away({ retryAfterMs: 1e12 })?.message ?? "", "11574 days");
  // OpenRouter and others say it by their allowance alone.
  const used = { requests: { remaining: 0, resetMs: 7_200_000 } };
  assertStringIncludes(away({ limits: used })?.message ?? "", "2.0 hours");
  assertEquals(
    away({ limits: used, retryAfterMs: 8000 }),
    undefined,
    "what it asks for goes first",
  );
  assertEquals(away({ limits: { requests: { remaining: 1, resetMs: 7_200_000 } } }), undefined);
});
