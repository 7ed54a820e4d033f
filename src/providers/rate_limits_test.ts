import { assertEquals } from "@std/assert";
import { rateLimits } from "./rate_limits.ts";
import { retryAfter } from "./retry_after.ts";

Deno.test("rateLimits() reads OpenAI's headers", () => {
  const headers = new Headers({
    "x-ratelimit-limit-requests": "5000",
    "x-ratelimit-limit-tokens": "160000",
    "x-ratelimit-remaining-requests": "4999",
    "x-ratelimit-remaining-tokens": "159976",
    "x-ratelimit-reset-requests": "12ms",
    "x-ratelimit-reset-tokens": "6m0.5s",
  });
  assertEquals(rateLimits(headers), {
    requests: { limit: 5000, remaining: 4999, resetMs: 12 },
    tokens: { limit: 160_000, remaining: 159_976, resetMs: 360_500 },
  });
});

Deno.test("rateLimits() reads Azure's headers, which leave some out", () => {
  const headers = new Headers({
    "x-ratelimit-remaining-requests": "9",
    "x-ratelimit-remaining-tokens": "-30",
    "x-ratelimit-reset-tokens": "8",
  });
  assertEquals(rateLimits(headers), {
    requests: { remaining: 9 },
    tokens: { remaining: 0, resetMs: 8000 },
  });
});

Deno.test("rateLimits() reads Anthropic's headers, whose moments are the endpoint's", () => {
  const headers = new Headers({
    "date": "Sat, 31 Jan 2026 12:00:00 GMT",
    "anthropic-ratelimit-requests-limit": "50",
    "anthropic-ratelimit-requests-remaining": "49",
    "anthropic-ratelimit-requests-reset": "2026-01-31T12:00:02Z",
    "anthropic-ratelimit-input-tokens-limit": "30000",
    "anthropic-ratelimit-input-tokens-remaining": "29000",
    "anthropic-ratelimit-input-tokens-reset": "2026-01-31T11:59:59Z",
    "anthropic-ratelimit-output-tokens-remaining": "8000",
  });
  assertEquals(rateLimits(headers), {
    requests: { limit: 50, remaining: 49, resetMs: 2000 },
    inputTokens: { limit: 30_000, remaining: 29_000, resetMs: 0 },
    outputTokens: { remaining: 8000 },
  });
});

Deno.test("rateLimits() reads a gateway's moment in milliseconds or in seconds", () => {
  const moment = Date.UTC(2026, 0, 31, 12, 1);
  for (const reset of [moment, moment / 1000]) {
    const headers = new Headers({
      "date": "Sat, 31 Jan 2026 12:00:00 GMT",
      "x-ratelimit-limit": "20",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(reset),
    });
    assertEquals(rateLimits(headers), { requests: { limit: 20, remaining: 0, resetMs: 60_000 } });
  }
});

Deno.test("rateLimits() makes nothing of headers that say nothing", () => {
  assertEquals(rateLimits(new Headers()), undefined);
  assertEquals(rateLimits(new Headers({ "x-ratelimit-remaining-requests": "soon" })), undefined);
});

Deno.test("retryAfter() takes the precise header first, and a date against the endpoint's own", () => {
  const date = "Sat, 31 Jan 2026 12:00:00 GMT";
  const cases: readonly (readonly [Record<string, string>, number | undefined])[] = [
    [{ "retry-after-ms": "20", "retry-after": "1" }, 20],
    [{ "retry-after": "1.5" }, 1500],
    [{ "retry-after": "Sat, 31 Jan 2026 12:00:03 GMT", date }, 3000],
    [{ "retry-after": "Sat, 31 Jan 2026 11:00:00 GMT", date }, 0],
    [{ "retry-after": "Sat, 31 Jan 2026 12:00:03 GMT" }, undefined],
    [{ "retry-after": "tomorrow" }, undefined],
  ];
  for (const [headers, expected] of cases) {
    assertEquals(retryAfter(new Headers(headers)), expected, JSON.stringify(headers));
  }
});
