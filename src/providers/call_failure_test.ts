import { assertEquals } from "@std/assert";
import { isOverload, isRateLimit, isRetryable, restAskedMs, retryAfterMs } from "./call_failure.ts";
import { AuthenticationError, RateLimitError, TransientError } from "./model_error.ts";

function error(fields: object, message = "no"): Error {
  return Object.assign(new Error(message), fields);
}

Deno.test("isRetryable() goes by what an error says, before its status", () => {
  const cases: readonly (readonly [unknown, boolean])[] = [
    [new RateLimitError("slow"), true],
    [new AuthenticationError("no", { status: 503 }), false],
    [error({ isRetryable: true, statusCode: 400 }), true],
    [error({ status: 503 }), true],
    [error({ statusCode: 429 }), true],
    [error({ status: 400 }), false],
    [error({ status: 429, code: "insufficient_quota" }), false],
    [error({}), false],
    ["503", false],
    [undefined, false],
  ];
  for (const [thrown, expected] of cases) assertEquals(isRetryable(thrown), expected, `${thrown}`);
});

Deno.test("isRetryable() knows a connection that failed, also as a cause", async () => {
  const reset = error({ code: "ECONNRESET" });
  assertEquals(isRetryable(new Error("Connection error.", { cause: reset })), true);
  assertEquals(isRetryable(new TypeError("x is not a function")), false);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const refused = await fetch(`http://127.0.0.1:${port}/`).catch((thrown) => thrown);
  assertEquals(isRetryable(refused), true, String(refused));
});

Deno.test("retryAfterMs() reads the error, or the headers that it carries", () => {
  assertEquals(retryAfterMs(new RateLimitError("slow", { retryAfterMs: 5 })), 5);
  assertEquals(retryAfterMs(error({ headers: new Headers({ "Retry-After": "1.5" }) })), 1_500);
  assertEquals(retryAfterMs(error({ responseHeaders: { "retry-after-ms": "20" } })), 20);
  assertEquals(retryAfterMs(error({ headers: { "retry-after": "tomorrow" } })), undefined);
  assertEquals(retryAfterMs("no"), undefined);
});

Deno.test("isRateLimit() tells refusals for the rate from other failures", () => {
  const refusals = [new RateLimitError("slow"), error({ status: 429 }), error({ status: 503 })];
  assertEquals(refusals.map(isRateLimit), [true, true, false]);
});

Deno.test("isOverload() knows an endpoint that has too much to do: refusals, 503, 529, timeouts", () => {
  const late = new DOMException("too late", "TimeoutError");
  const overloads = [
    new RateLimitError("slow"),
    error({ status: 503 }),
    error({ statusCode: 529 }),
    late,
    new TransientError("too late", { cause: late }),
  ];
  assertEquals(overloads.map(isOverload), overloads.map(() => true));
  const others = [error({ status: 500 }), error({ code: "ECONNRESET" }), "503", undefined];
  assertEquals(others.map(isOverload), others.map(() => false));
});

Deno.test("restAskedMs() reads what was asked for, else the reset of what is used up", () => {
  const limits = {
    tokens: { remaining: 0, resetMs: 7000 },
    requests: { remaining: 9, resetMs: 9000 },
  };
  assertEquals(restAskedMs(new RateLimitError("slow", { limits })), 7000);
  assertEquals(restAskedMs(new RateLimitError("slow", { limits, retryAfterMs: 20 })), 20);
  assertEquals(restAskedMs(new TransientError("down", { limits })), 0);
  assertEquals(restAskedMs("no"), 0);
});
