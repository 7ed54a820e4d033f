import { LLMock } from "@copilotkit/aimock";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { model, type ModelOption } from "../../src/providers/model_spec.ts";
import { ModelError } from "../../src/providers/model_error.ts";
import type { ModelHandle } from "../../src/providers/provider.ts";
import { setUpModel } from "../../src/providers/set_up.ts";
import { data, failure, outputText, responseObject, streamed } from "./testing/answers.ts";
import { serve } from "./testing/strict_server.ts";

async function setUp(options: Record<string, ModelOption>): Promise<ModelHandle> {
  return await setUpModel(model("openai:m", { api: "responses", ...options }), {
    signal: new AbortController().signal,
    log() {},
    env: (name) => name === "OPENAI_API_KEY" ? "sk-very-secret" : undefined,
  });
}

async function failureOf(call: Promise<unknown>): Promise<ModelError> {
  return await assertRejects(() => call, ModelError);
}

const call = { type: "function_call", id: "fc_1", call_id: "c1", name: "add", status: "completed" };
const delta = data({ type: "response.output_text.delta", delta: "4" });

function ended(response: Record<string, unknown>, type = "response.completed"): string {
  return data({ type, response });
}

Deno.test("openai: sends every part of a request in the responses API's form", async () => {
  await using endpoint = serve(({ body }) => {
    const response = responseObject([outputText("4"), { ...call, arguments: '{"a":1}' }]);
    return body.stream ? streamed([delta, ended(response)]) : Response.json(response);
  });
  const request = {
    system: "Be terse.",
    messages: [
      { role: "system", content: "Really." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image", data: new Uint8Array([1, 2, 3]), mediaType: "image/png" },
        ],
      },
      {
        role: "assistant",
        content: "Let me look.",
        toolCalls: [{ id: "c0", name: "look", arguments: { x: 1 } }],
      },
      { role: "tool", toolCallId: "c0", content: "a cat" },
    ],
    temperature: 0,
    maxTokens: 5,
    schema: { type: "object" },
    tools: [{ name: "add", description: "Adds.", parameters: { type: "object" } }],
  } as const;
  const answers = [];
  for (const stream of [true, false]) {
    await using handle = await setUp({ baseUrl: endpoint.baseUrl, stream });
    const { timeToFirstTokenMs, latencyMs, raw, ...answer } = await handle.model.generate(request);
    assertEquals(typeof timeToFirstTokenMs, stream ? "number" : "undefined");
    assert(latencyMs && raw);
    answers.push(answer);
  }
  assertEquals(answers[0], answers[1]);
  assertEquals(answers[0], {
    text: "4",
    parsed: 4,
    toolCalls: [{ id: "c1", name: "add", arguments: { a: 1 } }],
    finishReason: "tool-calls",
    usage: { inputTokens: 7, outputTokens: 3, cachedTokens: 2, reasoningTokens: 1 },
  });
  assertEquals(endpoint.seen[0]?.headers.get("authorization"), "Bearer sk-very-secret");
  assertEquals(endpoint.seen[0]?.body, {
    model: "m",
    input: [
      { role: "system", content: "Really." },
      {
        role: "user",
        content: [
          { type: "input_text", text: "What is this?" },
          { type: "input_image", image_url: "data:image/png;base64,AQID", detail: "auto" },
        ],
      },
      { role: "assistant", content: "Let me look." },
      { type: "function_call", call_id: "c0", name: "look", arguments: '{"x":1}' },
      { type: "function_call_output", call_id: "c0", output: "a cat" },
    ],
    instructions: "Be terse.",
    temperature: 0,
    max_output_tokens: 5,
    text: {
      format: { type: "json_schema", name: "answer", strict: true, schema: { type: "object" } },
    },
    tools: [{
      type: "function",
      name: "add",
      description: "Adds.",
      parameters: { type: "object" },
      strict: false,
    }],
    stream: true,
  });
});

Deno.test("openai: the responses API's ends and failures are those of the protocol", async () => {
  const incomplete = (reason: string) =>
    ended(
      responseObject([outputText("4")], { status: "incomplete", incomplete_details: { reason } }),
      "response.incomplete",
    );
  const failed = (code: string) =>
    ended(
      responseObject([], { status: "failed", error: { code, message: "oops" } }),
      "response.failed",
    );
  const cases: readonly [() => Response, string][] = [
    [() => streamed([ended(responseObject([outputText("4")]))]), "stop"],
    [() => streamed([incomplete("max_output_tokens")]), "length"],
    [() => streamed([incomplete("content_filter")]), "content-filter"],
    [() => Response.json(responseObject([outputText("4")])), "stop"],
    [() => streamed([failed("server_error")]), "transient"],
    [() => streamed([failed("rate_limit_exceeded")]), "rate-limit"],
    [() => streamed([failed("invalid_prompt")]), "invalid-request"],
    [() => streamed([data({ type: "error", code: "server_error", message: "x" })]), "transient"],
    [() => streamed([delta]), "transient"],
    [() => failure(429, { message: "slow" }, { "retry-after": "2" }), "rate-limit"],
    [() => failure(400, { message: "l", code: "context_length_exceeded" }), "context-length"],
    [() => failure(401, { message: "no sk-very-secret" }), "authentication"],
    [() => Response.json({ hello: 1 }), "transient"],
  ];
  let answer: () => Response = () => failure(500, {});
  await using endpoint = serve(() => answer());
  await using handle = await setUp({ baseUrl: endpoint.baseUrl });
  for (const [index, [given, expected]] of cases.entries()) {
    answer = given;
    const outcome = await handle.model.generate("?").then(
      ({ finishReason }) => finishReason,
      (error: ModelError) => {
        assert(!Deno.inspect(error).includes("sk-very-secret"));
        return error.code;
      },
    );
    assertEquals([index, outcome], [index, expected]);
  }
  assertEquals(endpoint.seen.length, cases.length, "the client must not retry on its own");
});

Deno.test("openai: what the responses API lacks is said, an unstreamed model answered anyway", async () => {
  await using endpoint = serve(({ body }) =>
    body.stream
      ? failure(400, { message: "Your organization must be verified to stream this model." })
      : Response.json(responseObject([outputText("4")]))
  );
  await using handle = await setUp({ baseUrl: endpoint.baseUrl });
  assertEquals((await handle.model.generate("?")).text, "4");
  const messages = [{ role: "user", content: "?" }] as const;
  for (const lacking of [{ stop: ["\n"] }, { seed: 1 }]) {
    const error = await failureOf(handle.model.generate({ messages, ...lacking }));
    assertEquals(error.code, "invalid-request");
    assertStringIncludes(error.message, `\`${Object.keys(lacking)}\``);
  }
});

Deno.test("openai: an aborted call of the responses API rejects with the signal's reason", async () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  await using endpoint = serve(async () => {
    arrived.resolve();
    await release.promise;
    return Response.json(responseObject([]));
  });
  await using handle = await setUp({ baseUrl: endpoint.baseUrl });
  const stop = new AbortController();
  const asked = handle.model.generate("?", { signal: stop.signal });
  await arrived.promise;
  stop.abort(new RangeError("enough"));
  await assertRejects(() => asked, RangeError, "enough").finally(release.resolve);
});

Deno.test("openai: gets a response from an endpoint that others wrote", async () => {
  const mock = new LLMock({ port: 0, host: "127.0.0.1" });
  mock.onMessage("2 + 2?", { content: "four" });
  await mock.start();
  try {
    for (const stream of [true, false]) {
      await using handle = await setUp({ baseUrl: `${mock.url}/v1`, stream });
      assertEquals((await handle.model.generate("2 + 2?")).text, "four");
    }
  } finally {
    await mock.stop();
  }
});
