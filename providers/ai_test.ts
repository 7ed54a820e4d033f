import { assert, assertEquals, assertRejects } from "@std/assert";
import { MockEmbeddingModelV4, MockLanguageModelV4, simulateReadableStream } from "ai/test";
import type { Model, ModelRequest } from "../src/providers/model.ts";
import { ModelError } from "../src/providers/model_error.ts";
import { OngoingCalls } from "./_ongoing_calls.ts";
import { aiModel } from "./ai/model.ts";
import { setUp } from "./ai/testing/set_up.ts";
import { chunks, completion, streamed } from "./openai/testing/answers.ts";
import { serve } from "./openai/testing/strict_server.ts";

/** The AI SDK's own mock as a model of ours. */
function mocked(language: MockLanguageModelV4, embedding?: MockEmbeddingModelV4): Model {
  return aiModel({ language, embedding }, { config: {}, ongoing: new OngoingCalls() });
}

type Part = Awaited<ReturnType<MockLanguageModelV4["doStream"]>>["stream"] extends
  ReadableStream<infer P> ? P : never;

function streaming(parts: readonly Part[]): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    doStream: { stream: simulateReadableStream({ chunks: [...parts] }) },
  });
}

const usage = {
  inputTokens: { total: 7, noCache: 5, cacheRead: 2, cacheWrite: undefined },
  outputTokens: { total: 3, text: 2, reasoning: 1 },
};
const finish: Part = {
  type: "finish",
  finishReason: { unified: "stop", raw: "end" },
  usage,
};
const four: readonly Part[] = [
  { type: "stream-start", warnings: [] },
  { type: "text-start", id: "t" },
  { type: "text-delta", id: "t", delta: '{"n"' },
  { type: "text-delta", id: "t", delta: ":4}" },
  { type: "text-end", id: "t" },
  finish,
];

const whole: ModelRequest = {
  system: "Be terse.",
  messages: [
    { role: "system", content: "Be kind." },
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
};

Deno.test("ai: streams from the AI SDK's mock, with parsed, usage and the time to the first token", async () => {
  const mock = streaming(four);
  const schema = { type: "object", properties: { n: { type: "number" } } };
  const { raw, timeToFirstTokenMs, latencyMs = 0, ...response } = await mocked(mock).generate({
    messages: [{ role: "user", content: "2 + 2?" }],
    schema,
  });
  assertEquals(response, {
    text: '{"n":4}',
    parsed: { n: 4 },
    finishReason: "stop",
    usage: { inputTokens: 7, outputTokens: 3, cachedTokens: 2, reasoningTokens: 1 },
  });
  assert(raw);
  assert(timeToFirstTokenMs !== undefined && timeToFirstTokenMs <= latencyMs);
  const [call] = mock.doStreamCalls;
  assertEquals(call?.responseFormat?.type, "json");
  assertEquals(call?.responseFormat?.type === "json" && call.responseFormat.schema, schema);
});

Deno.test("ai: hands every part of a request to the AI SDK's mock", async () => {
  const mock = streaming([
    { type: "stream-start", warnings: [] },
    { type: "tool-call", toolCallId: "c2", toolName: "add", input: '{"a":1}' },
    { type: "tool-call", toolCallId: "c3", toolName: "add", input: '{"a":' },
    { ...finish, finishReason: { unified: "tool-calls", raw: undefined } },
  ]);
  const response = await mocked(mock).generate(whole);
  assertEquals([response.text, response.finishReason], ["", "tool-calls"]);
  assertEquals(response.toolCalls, [
    { id: "c2", name: "add", arguments: { a: 1 } },
    { id: "c3", name: "add", arguments: '{"a":' },
  ]);
  const [call] = mock.doStreamCalls;
  assertEquals(call?.prompt.map(({ role }) => role), [
    "system",
    "system",
    "user",
    "assistant",
    "tool",
  ]);
  assertEquals(JSON.stringify(call?.prompt).includes("a cat"), true);
  assertEquals(
    [call?.temperature, call?.maxOutputTokens, call?.stopSequences, call?.seed],
    [0, 5, ["\n"], 7],
  );
  assertEquals(call?.tools?.map(({ name }) => name), ["add"]);
});

Deno.test("ai: embeds with the AI SDK's mock, and only where the provider can", async () => {
  const embedding = new MockEmbeddingModelV4({
    maxEmbeddingsPerCall: 2,
    doEmbed: ({ values }) =>
      Promise.resolve({ embeddings: values.map((text) => [text.length]), warnings: [] }),
  });
  assertEquals(await mocked(streaming(four), embedding).embed?.(["a", "bb", "ccc"]), [[1], [2], [
    3,
  ]]);
  assertEquals(mocked(streaming(four)).embed, undefined);
  await using anthropic = await setUp("anthropic/m", {}, { ANTHROPIC_API_KEY: "k" });
  assertEquals(anthropic.model.embed, undefined);
});

Deno.test("ai: a stream that fails or breaks off fails the call", async () => {
  const [start, text, delta] = four as [Part, Part, Part];
  const cases: readonly [readonly Part[], string, string][] = [
    [[start, { type: "error", error: { message: "bad", code: 400 } }], "bad", "invalid-request"],
    [[start, { type: "error", error: new Error("broke") }], "broke", "transient"],
    [[start, text, delta], "broke off", "transient"],
  ];
  for (const [parts, message, code] of cases) {
    const error = await assertRejects(() => mocked(streaming(parts)).generate("x"), ModelError);
    assertEquals([error.code, error.message.includes(message)], [code, true], error.message);
  }
});

for (const stream of [true, false]) {
  Deno.test(`ai: its OpenAI-compatible package speaks with our server, stream: ${stream}`, async () => {
    await using endpoint = serve(() =>
      stream
        ? streamed(chunks([{ content: "It is" }, { content: " 4." }]))
        : completion({ content: "It is 4." })
    );
    await using handle = await setUp("openai-compatible/org/m", {
      baseUrl: endpoint.baseUrl,
      apiKeyVariable: "MY_KEY",
      stream,
      seed: 3,
    }, { MY_KEY: "k-123" });
    const { raw: _, latencyMs, timeToFirstTokenMs, ...response } = await handle.model.generate(
      "2 + 2?",
    );
    assertEquals(response, {
      text: "It is 4.",
      finishReason: "stop",
      usage: { inputTokens: 7, outputTokens: 3, cachedTokens: 2, reasoningTokens: 1 },
    });
    assert(latencyMs);
    assertEquals(timeToFirstTokenMs !== undefined, stream);
    assertEquals(endpoint.seen[0]?.headers.get("authorization"), "Bearer k-123");
    assertEquals(endpoint.seen[0]?.body, {
      model: "org/m",
      messages: [{ role: "user", content: "2 + 2?" }],
      seed: 3,
      ...stream ? { stream: true, stream_options: { include_usage: true } } : {},
    });
  });
}

Deno.test("ai: many calls at once each get their own answer", async () => {
  await using endpoint = serve(({ body }) => {
    const [message] = body.messages as readonly { readonly content: string }[];
    return streamed(chunks([{ content: message?.content }]));
  });
  await using handle = await setUp("openai-compatible/m", { baseUrl: endpoint.baseUrl });
  const asked = Array.from({ length: 50 }, (_, index) => `number ${index}`);
  const answers = await Promise.all(asked.map((text) => handle.model.generate(text)));
  assertEquals(answers.map(({ text }) => text), asked);
});
