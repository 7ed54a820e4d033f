import { LLMock } from "@copilotkit/aimock";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { completion, failure } from "./openai/testing/answers.ts";
import { serve } from "./openai/testing/strict_server.ts";
import { DotevalsError } from "../src/errors.ts";
import { model, type ModelOption } from "../src/providers/model_spec.ts";
import { ModelError } from "../src/providers/model_error.ts";
import type { ModelHandle } from "../src/providers/provider.ts";
import { setUpModel } from "../src/providers/set_up.ts";

async function setUp(
  options: Record<string, ModelOption>,
  env: Record<string, string> = {},
): Promise<ModelHandle> {
  return await setUpModel(model("openai:m", options), {
    signal: new AbortController().signal,
    log() {},
    env: (name) => env[name],
  });
}

async function failureOf(call: Promise<unknown>): Promise<ModelError> {
  return await assertRejects(() => call, ModelError);
}

Deno.test("openai: asks for a chat completion with the key and returns text, usage and why it ended", async () => {
  await using endpoint = serve(() => completion({ content: "4" }));
  await using handle = await setUp(
    { baseUrl: endpoint.baseUrl, apiKeyVariable: "MY_KEY" },
    { MY_KEY: "k-123" },
  );
  const { raw, latencyMs, ...response } = await handle.model.generate("2 + 2?");
  assertEquals(response, {
    text: "4",
    finishReason: "stop",
    usage: { inputTokens: 7, outputTokens: 3, cachedTokens: 2, reasoningTokens: 1 },
  });
  assert(raw);
  assert(latencyMs);
  assertEquals(endpoint.seen.length, 1);
  assertEquals(endpoint.seen[0]?.path, "/v1/chat/completions");
  assertEquals(endpoint.seen[0]?.headers.get("authorization"), "Bearer k-123");
  assertEquals(endpoint.seen[0]?.body, {
    stream: true,
    stream_options: { include_usage: true },
    model: "m",
    messages: [{ role: "user", content: "2 + 2?" }],
  });
});

Deno.test("openai: sends every part of a request in the endpoint's form", async () => {
  await using endpoint = serve(() =>
    completion({
      content: null,
      tool_calls: [
        { id: "c2", type: "function", function: { name: "add", arguments: '{"a":1}' } },
        { id: "c3", type: "function", function: { name: "add", arguments: '{"a":' } },
      ],
    })
  );
  await using handle = await setUp({ baseUrl: endpoint.baseUrl, body: { top_k: 20 }, seed: 1 });
  const response = await handle.model.generate({
    system: "Be terse.",
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image", data: new Uint8Array([1, 2, 3]), mediaType: "image/png" },
        ],
      },
      {
        role: "assistant",
        content: "",
        toolCalls: [{ id: "c1", name: "look", arguments: { x: 1 } }],
      },
      { role: "tool", toolCallId: "c1", content: "a cat" },
    ],
    temperature: 0,
    maxTokens: 5,
    stop: ["\n"],
    seed: 7,
    tools: [{ name: "add", description: "Adds.", parameters: { type: "object" } }],
  });
  assertEquals(response.toolCalls, [
    { id: "c2", name: "add", arguments: { a: 1 } },
    { id: "c3", name: "add", arguments: '{"a":' },
  ]);
  assertEquals(response.text, "");
  assertEquals(endpoint.seen[0]?.headers.get("authorization"), null);
  assertEquals(endpoint.seen[0]?.body, {
    stream: true,
    stream_options: { include_usage: true },
    top_k: 20,
    model: "m",
    messages: [
      { role: "system", content: "Be terse." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [{
          id: "c1",
          type: "function",
          function: { name: "look", arguments: '{"x":1}' },
        }],
      },
      { role: "tool", tool_call_id: "c1", content: "a cat" },
    ],
    temperature: 0,
    seed: 7,
    max_tokens: 5,
    stop: ["\n"],
    tools: [{
      type: "function",
      function: { name: "add", description: "Adds.", parameters: { type: "object" } },
    }],
  });
});

Deno.test("openai: parses the answer where a schema was asked for, and leaves broken JSON to the evaluation", async () => {
  let content = '{"n":1}';
  await using endpoint = serve(() => completion({ content }));
  await using handle = await setUp({ baseUrl: endpoint.baseUrl });
  const request = {
    messages: [{ role: "user", content: "?" }],
    schema: { type: "object" },
  } as const;
  assertEquals((await handle.model.generate(request)).parsed, { n: 1 });
  assertEquals(endpoint.seen[0]?.body.response_format, {
    type: "json_schema",
    json_schema: { name: "answer", strict: true, schema: { type: "object" } },
  });
  content = '{"n":';
  const broken = await handle.model.generate(request);
  assertEquals([broken.text, broken.parsed], ['{"n":', undefined]);
});

Deno.test("openai: maps each failure to the error that says whether a retry can help", async () => {
  const cases: readonly [Response, string, boolean][] = [
    [failure(401, { message: "no" }), "authentication", false],
    [failure(403, { message: "no" }), "authentication", false],
    [failure(429, { message: "slow", code: "rate_limit_exceeded" }), "rate-limit", true],
    [failure(429, { message: "pay", code: "insufficient_quota" }), "authentication", false],
    [failure(400, { message: "long", code: "context_length_exceeded" }), "context-length", false],
    [failure(400, { message: "the maximum context length is 8" }), "context-length", false],
    [failure(404, { message: "no such model" }), "invalid-request", false],
    [failure(422, { message: "bad" }), "invalid-request", false],
    [failure(408, { message: "late" }), "transient", true],
    [failure(409, { message: "busy" }), "transient", true],
    [failure(500, { message: "oops" }), "transient", true],
    [failure(503, { message: "oops" }), "transient", true],
    [new Response("<html>hello</html>"), "transient", true],
    [new Response('{"cho', { headers: { "content-type": "application/json" } }), "transient", true],
  ];
  let next = 0;
  await using endpoint = serve(() => cases[next]?.[0] ?? failure(500, {}));
  await using handle = await setUp({ baseUrl: endpoint.baseUrl });
  for (const [response, code, retryable] of cases) {
    const error = await failureOf(handle.model.generate("?"));
    assertEquals([response.status, error.code, error.retryable], [
      response.status,
      code,
      retryable,
    ]);
    next++;
  }
  assertEquals(endpoint.seen.length, cases.length, "the client must not retry on its own");
});

Deno.test("openai: reads Retry-After in seconds, as a date, and in milliseconds", async () => {
  const date = "Wed, 21 Oct 2026 07:28:00 GMT";
  const cases: readonly [Record<string, string>, number | undefined][] = [
    [{ "retry-after": "2" }, 2_000],
    [{ "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", date }, 30_000],
    [{ "retry-after": "Wed, 21 Oct 2026 07:27:00 GMT", date }, 0],
    [{ "retry-after-ms": "250", "retry-after": "9" }, 250],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
  ];
  let headers: Record<string, string> = {};
  await using endpoint = serve(() => failure(429, { message: "slow" }, headers));
  await using handle = await setUp({ baseUrl: endpoint.baseUrl });
  for (const [sent, expected] of cases) {
    headers = sent;
    assertEquals((await failureOf(handle.model.generate("?"))).retryAfterMs, expected);
  }
});

Deno.test("openai: a refused connection is a transient error that says what it tried", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  await using handle = await setUp({ baseUrl: `http://127.0.0.1:${port}/v1` });
  const error = await failureOf(handle.model.generate("?"));
  assertEquals([error.code, error.retryable], ["transient", true]);
  assertStringIncludes(error.message, "refused");
});

Deno.test("openai: an aborted call rejects with the signal's reason and ends the request", async () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  await using endpoint = serve(async () => {
    arrived.resolve();
    await release.promise;
    return completion({ content: "late" });
  });
  await using handle = await setUp({ baseUrl: endpoint.baseUrl });
  const stop = new AbortController();
  const call = handle.model.generate("?", { signal: stop.signal });
  await arrived.promise;
  stop.abort(new RangeError("enough"));
  try {
    await assertRejects(() => call, RangeError, "enough");
  } finally {
    release.resolve();
  }
});

Deno.test("openai: without its key it is not set up, except for an endpoint on this machine", async () => {
  const error = await assertRejects(() => setUp({ name: "gpt" }), DotevalsError);
  assertEquals(error.exitCode, 3);
  assertStringIncludes(error.message, '"gpt" (openai:m)');
  assertStringIncludes(error.message, "OPENAI_API_KEY");
  assertStringIncludes(error.hint ?? "", "OPENAI_API_KEY");
  await using local = await setUp({ baseUrl: "http://localhost:1/v1" });
  assertStringIncludes(local.resourceId, "http://localhost:1/v1");
  await assertRejects(
    () => setUp({ baseUrl: "http://localhost:1/v1", apiKeyVariable: "MINE" }),
    DotevalsError,
    "MINE",
  );
});

Deno.test("openai: a wrong option is named with what was expected and what there is, a secret never shown", async () => {
  const secret = await assertRejects(() => setUp({ apiKey: "sk-very-secret" }), DotevalsError);
  assertStringIncludes(secret.message, "apiKeyVariable");
  assert(!`${secret.message} ${secret.hint}`.includes("sk-very-secret"));
  const mistyped = await assertRejects(() => setUp({ temprature: 1 }), DotevalsError);
  assertEquals(mistyped.exitCode, 2);
  assertStringIncludes(
    mistyped.message,
    '"temprature": there is no such option; there are: baseUrl',
  );
  const wrong = await assertRejects(() => setUp({ temperature: "hot" }), DotevalsError);
  assertStringIncludes(wrong.message, '"temperature": Invalid type: Expected number');
  const url = await assertRejects(() => setUp({ baseUrl: "http://me:pw@h/v1" }), DotevalsError);
  assert(!`${url.message} ${url.hint}`.includes("pw"));
});

Deno.test("openai: sends headers whose values variables hold, instead of a key or beside it", async () => {
  await using endpoint = serve(() => completion({ content: "4" }));
  const options = { headerVariables: { "api-key": "AZURE_KEY" } };
  await using handle = await setUp(
    { ...options, baseUrl: endpoint.baseUrl, organization: "o", project: "p" },
    { AZURE_KEY: "az-123" },
  );
  await handle.model.generate("?");
  const headers = endpoint.seen[0]?.headers;
  assertEquals(
    ["api-key", "authorization", "openai-organization", "openai-project"]
      .map((name) => headers?.get(name)),
    ["az-123", null, "o", "p"],
  );
  const azure = { ...options, baseUrl: "https://me.openai.azure.com/openai/v1" };
  await using remote = await setUp(azure, { AZURE_KEY: "az-123" });
  assertStringIncludes(remote.resourceId, "me.openai.azure.com");
  await assertRejects(() => setUp(azure), DotevalsError, "AZURE_KEY");
});

Deno.test("openai: embeds as many texts as there are, in requests that the endpoint takes", async () => {
  await using endpoint = serve(({ body: { input } }) => {
    const texts = input as string[];
    const vectors = texts.map((text, index) => ({ index, embedding: [Number(text)] }));
    return Response.json({ data: vectors.toReversed().slice(0, texts.length === 3 ? 2 : 9_999) });
  });
  await using handle = await setUp({ baseUrl: endpoint.baseUrl });
  const embed = handle.model.embed ?? (() => Promise.resolve([]));
  const texts = Array.from({ length: 5_000 }, (_, index) => String(index));
  assertEquals(await embed(texts), texts.map((text) => [Number(text)]));
  assertEquals(endpoint.seen.map(({ body }) => (body.input as string[]).length), [2048, 2048, 904]);
  assertEquals(await embed([]), []);
  assertStringIncludes((await failureOf(embed(["1", "2", "3"]))).message, "2 vectors to 3 texts");
});

Deno.test("openai: answers and embeds against an endpoint that others wrote", async () => {
  const mock = new LLMock({ port: 0, host: "127.0.0.1" });
  mock.onMessage("2 + 2?", { content: "four" });
  mock.onEmbedding("one", { embedding: [0.5, 1] });
  await mock.start();
  try {
    await using handle = await setUp({ baseUrl: `${mock.url}/v1` });
    assertEquals((await handle.model.generate("2 + 2?")).text, "four");
    assertEquals(await handle.model.embed?.(["one"]), [[0.5, 1]]);
    const error = await failureOf(handle.model.generate("something it was not told of"));
    assertEquals(error.code, "invalid-request");
  } finally {
    await mock.stop();
  }
});
