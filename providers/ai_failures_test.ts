import { assertEquals, assertRejects } from "@std/assert";
import { ModelError } from "../src/providers/model_error.ts";
import { setUp } from "./ai/testing/set_up.ts";
import { failure } from "./openai/testing/answers.ts";
import { serve } from "./openai/testing/strict_server.ts";

Deno.test("ai: an answer of our server that ends too early fails the call", async () => {
  const lines = 'data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"It"}}]}\n\n';
  const headers = { "content-type": "text/event-stream" };
  await using endpoint = serve(() => new Response(lines, { headers }));
  await using handle = await setUp("openai-compatible/m", { baseUrl: endpoint.baseUrl });
  const error = await assertRejects(() => handle.model.generate("x"), ModelError);
  assertEquals([error.code, /ended|broke off/.test(error.message)], ["transient", true]);
});

Deno.test("ai: names what the endpoint answers by what a retry can do, without trying again", async () => {
  const answers: readonly [Response, code: string, retryAfterMs?: number][] = [
    [failure(429, { message: "Slow down" }, { "retry-after": "2" }), "rate-limit", 2000],
    [failure(401, { message: "Wrong key" }), "authentication"],
    [failure(400, { message: "Bad field" }), "invalid-request"],
    [failure(400, { message: "Too long", code: "context_length_exceeded" }), "context-length"],
    [failure(503, { message: "Busy" }), "transient"],
    [new Response("<html>", { status: 502 }), "transient"],
  ];
  for (const stream of [true, false]) {
    for (const [answer, code, retryAfterMs] of answers) {
      await using endpoint = serve(() => answer.clone());
      await using handle = await setUp("openai-compatible/m", {
        baseUrl: endpoint.baseUrl,
        stream,
      });
      const error = await assertRejects(() => handle.model.generate("x"), ModelError);
      assertEquals([error.code, error.retryAfterMs, error.status], [
        code,
        retryAfterMs,
        answer.status,
      ]);
      assertEquals(endpoint.seen.length, 1);
    }
  }
  const gone = serve(() => new Response());
  await gone[Symbol.asyncDispose]();
  await using nobody = await setUp("openai-compatible/m", { baseUrl: gone.baseUrl });
  const error = await assertRejects(() => nobody.model.generate("x"), ModelError);
  assertEquals([error.code, /refused/.test(error.message)], ["transient", true], error.message);
});

/** A server that never answers; `arrived` and `closed` say what became of the request. */
function silent() {
  const arrived = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(": hello\n\n")),
      pull: () => arrived.resolve(),
      cancel: () => closed.resolve(),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  return {
    baseUrl: `http://127.0.0.1:${server.addr.port}/v1`,
    arrived: arrived.promise,
    closed: closed.promise,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("ai: an aborted call closes its connection", async () => {
  await using server = silent();
  await using handle = await setUp("openai-compatible/m", { baseUrl: server.baseUrl });
  const controller = new AbortController();
  const call = handle.model.generate("x", { signal: controller.signal });
  await server.arrived;
  controller.abort(new Error("not wanted"));
  await assertRejects(() => call, Error, "not wanted");
  await server.closed;
  await assertRejects(
    () => handle.model.generate("x", { signal: controller.signal }),
    Error,
    "not",
  );
});

Deno.test("ai: a call that takes too long, or is torn down, is transient", async () => {
  await using server = silent();
  await using slow = await setUp("openai-compatible/m", { baseUrl: server.baseUrl, timeoutMs: 50 });
  const timeout = await assertRejects(() => slow.model.generate("x"), ModelError, "within 0.05 s");
  assertEquals(timeout.code, "transient");
  await using other = silent();
  const handle = await setUp("openai-compatible/m", { baseUrl: other.baseUrl });
  const call = assertRejects(() => handle.model.generate("x"), ModelError, "torn down");
  await other.arrived;
  await handle.teardown();
  await handle.teardown();
  assertEquals((await call).code, "transient");
});
