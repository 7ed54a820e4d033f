import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DotevalsError } from "../src/errors.ts";
import type { ModelRequest } from "../src/providers/model.ts";
import type { ModelOption } from "../src/providers/model_spec.ts";
import { tgi, vllm } from "./sagemaker/testing/containers.ts";
import { setUp } from "./sagemaker/testing/set_up.ts";
import { KEY, KEY_ENV, startAws } from "./sagemaker/testing/stand_in.ts";

const four = vllm(() => ({ content: "It is 4." }));

Deno.test("sagemaker: streams a chat from vLLM with usage and the time to the first token", async () => {
  await using aws = startAws({ containers: { "my-endpoint": four } });
  await using handle = await setUp({ endpointUrl: aws.url });
  assertEquals(handle.resourceId, "eu-test-1 my-endpoint");
  const { raw, latencyMs = 0, timeToFirstTokenMs = 0, ...response } = await handle.model.generate(
    "2 + 2?",
  );
  assertEquals(response, {
    text: "It is 4.",
    finishReason: "stop",
    usage: { inputTokens: 7, outputTokens: 3, cachedTokens: 2 },
  });
  assert(raw);
  assert(timeToFirstTokenMs > 0 && latencyMs >= timeToFirstTokenMs);
  assertEquals(aws.operations, ["InvokeEndpointWithResponseStream"]);
  assertEquals(aws.invocations[0]?.body, {
    messages: [{ role: "user", content: "2 + 2?" }],
    stream: true,
    stream_options: { include_usage: true },
  });
});

Deno.test("sagemaker: answers the same without streaming", async () => {
  await using aws = startAws({ containers: { "my-endpoint": four } });
  await using handle = await setUp({ endpointUrl: aws.url, stream: false });
  const { raw: _, latencyMs, ...response } = await handle.model.generate("2 + 2?");
  assertEquals(response, {
    text: "It is 4.",
    finishReason: "stop",
    usage: { inputTokens: 7, outputTokens: 3, cachedTokens: 2 },
  });
  assert(latencyMs !== undefined);
  assertEquals(aws.operations, ["InvokeEndpoint"]);
});

const whole: ModelRequest = {
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
};

for (const stream of [true, false]) {
  Deno.test(`sagemaker: vLLM gets every part of a request, stream: ${stream}`, async () => {
    const calls = [
      { id: "c2", type: "function", function: { name: "add", arguments: '{"a":1}' } },
      { id: "c3", type: "function", function: { name: "add", arguments: '{"a":' } },
    ];
    const container = vllm(() => ({ content: null, tool_calls: calls }));
    await using aws = startAws({ containers: { "my-endpoint": container } });
    await using handle = await setUp({
      endpointUrl: aws.url,
      stream,
      body: { top_k: 20 },
      model: "lora-1",
      inferenceComponent: "part",
      targetVariant: "blue",
    });
    const response = await handle.model.generate(whole);
    assertEquals(response.toolCalls, [
      { id: "c2", name: "add", arguments: { a: 1 } },
      { id: "c3", name: "add", arguments: '{"a":' },
    ]);
    assertEquals([response.text, response.finishReason], ["", "tool-calls"]);
    const seen = aws.invocations[0];
    assertEquals(seen?.headers.get("x-amzn-sagemaker-inference-component"), "part");
    assertEquals(seen?.headers.get("x-amzn-sagemaker-target-variant"), "blue");
    const { messages, tools, stream: _, stream_options: __, ...rest } = seen?.body as Record<
      string,
      unknown
    >;
    assertEquals(rest, {
      top_k: 20,
      model: "lora-1",
      temperature: 0,
      seed: 7,
      max_tokens: 5,
      stop: ["\n"],
    });
    assertEquals((messages as unknown[]).length, 4);
    assertEquals((tools as unknown[]).length, 1);
  });
}

for (const stream of [true, false]) {
  Deno.test(`sagemaker: TGI gets a prompt and parameters, stream: ${stream}`, async () => {
    const container = tgi(() => '{"n": 4}END');
    await using aws = startAws({ containers: { "my-endpoint": container } });
    await using handle = await setUp({
      endpointUrl: aws.url,
      payload: "tgi",
      stream,
      body: { parameters: { top_k: 3 } },
      maxTokens: 9,
    });
    const schema = { type: "object" };
    const { raw: _, latencyMs: __, timeToFirstTokenMs, ...response } = await handle.model.generate({
      system: "Count.",
      messages: [{ role: "user", content: "2 + 2?" }],
      temperature: 0.5,
      seed: 1,
      stop: ["END"],
      schema,
    });
    assertEquals(timeToFirstTokenMs !== undefined, stream);
    assertEquals(response, {
      text: '{"n": 4}',
      parsed: { n: 4 },
      finishReason: "stop",
      usage: { inputTokens: 3, outputTokens: 2 },
    });
    assertEquals(aws.invocations[0]?.body, {
      inputs: "Count.\n\n2 + 2?",
      parameters: {
        top_k: 3,
        details: true,
        return_full_text: false,
        temperature: 0.5,
        do_sample: true,
        max_new_tokens: 9,
        seed: 1,
        stop: ["END"],
        grammar: { type: "json", value: schema },
      },
      ...stream ? { stream: true } : {},
    });
  });
}

Deno.test("sagemaker: TGI takes a temperature of 0 as not sampling, and no conversations", async () => {
  await using aws = startAws({ containers: { "my-endpoint": tgi((text) => text) } });
  await using handle = await setUp({ endpointUrl: aws.url, payload: "tgi", temperature: 0 });
  assertEquals((await handle.model.generate("one two")).text, "one two");
  const { parameters } = aws.invocations[0]?.body as { readonly parameters: unknown };
  assertEquals(parameters, { details: true, return_full_text: false, do_sample: false });
  for (
    const [request, message] of [[whole, "a conversation"], [{
      messages: [{ role: "user", content: "x" }],
      tools: whole.tools ?? [],
    }, "tools"]] as const
  ) {
    const error = await assertRejects(() => handle.model.generate(request), Error, message);
    assertEquals(Reflect.get(error, "code"), "invalid-request");
  }
  assertEquals(aws.invocations.length, 1);
});

Deno.test("sagemaker: speaks with any container by a template of its own", async () => {
  const answers = (body: unknown) => {
    const { prompt } = body as { readonly prompt: string };
    return { body: { outputs: [{ text: prompt.toUpperCase() }], tokens: { in: 2, out: 1 } } };
  };
  await using aws = startAws({ containers: { "my-endpoint": answers } });
  const payload = {
    body: {
      prompt: "Q: {{prompt}} A:",
      options: { t: "{{temperature}}", n: "{{maxTokens}}", s: ["{{stop}}"] },
      kind: "{{other}}",
    },
    text: "outputs.0.text",
    inputTokens: "tokens.in",
    outputTokens: "tokens.out",
  };
  await using handle = await setUp({ endpointUrl: aws.url, payload });
  const response = await handle.model.generate({
    messages: [{ role: "user", content: "a $& b" }],
    temperature: 0,
    stop: ["x"],
  });
  assertEquals(response.text, "Q: A $& B A:");
  assertEquals(response.usage, { inputTokens: 2, outputTokens: 1 });
  assertEquals(aws.operations, ["InvokeEndpoint"]);
  assertEquals(aws.invocations[0]?.body, {
    prompt: "Q: a $& b A:",
    options: { t: 0, s: [["x"]] },
    kind: "{{other}}",
  });
  await using wrong = await setUp({
    endpointUrl: aws.url,
    payload: { ...payload, text: "out.text" },
  });
  await assertRejects(() => wrong.model.generate("x"), Error, 'no text at "out.text"');
});

Deno.test("sagemaker: a template with a delta streams lines of JSON", async () => {
  const container = () => ({ stream: ['{"o":{"t":"fo"}}\n', '{"o":{"t":"ür"}}\n', '{"n":2}'] });
  await using aws = startAws({ containers: { "my-endpoint": container } });
  await using handle = await setUp({
    endpointUrl: aws.url,
    payload: { body: { m: "{{messages}}" }, text: "t", delta: "o.t", outputTokens: "n" },
  });
  const response = await handle.model.generate("x");
  assertEquals([response.text, response.usage], ["foür", { outputTokens: 2 }]);
  assertEquals(aws.invocations[0]?.body, { m: [{ role: "user", content: "x" }] });
  assert(response.timeToFirstTokenMs);
});

Deno.test("sagemaker: a container that answers whole where it should stream is understood", async () => {
  const container = () => ({
    body: { choices: [{ message: { content: "whole" }, finish_reason: "stop" }] },
  });
  await using aws = startAws({ containers: { "my-endpoint": container } });
  await using handle = await setUp({ endpointUrl: aws.url });
  assertEquals((await handle.model.generate("x")).text, "whole");
});

Deno.test("sagemaker: signs with the token of a temporary key, from the variables that options name", async () => {
  const key = { ...KEY, accessKeyId: "ASIATEST", sessionToken: "a token" };
  await using aws = startAws({ containers: { "my-endpoint": four }, keys: [key] });
  const env = { ID: key.accessKeyId, SECRET: key.secretAccessKey, TOKEN: key.sessionToken };
  await using handle = await setUp({
    endpointUrl: aws.url,
    region: "eu-test-1",
    accessKeyIdVariable: "ID",
    secretAccessKeyVariable: "SECRET",
    sessionTokenVariable: "TOKEN",
  }, { env });
  assertEquals((await handle.model.generate("x")).text, "It is 4.");
});

Deno.test("sagemaker: says what is missing before it asks anybody", async () => {
  const { AWS_REGION: _, ...noRegion } = KEY_ENV;
  const { AWS_SECRET_ACCESS_KEY: __, ...noSecret } = KEY_ENV;
  for (
    const [env, message] of [[noRegion, "no AWS region"], [
      noSecret,
      "AWS_SECRET_ACCESS_KEY",
    ]] as const
  ) {
    const error = await assertRejects(() => setUp({}, { env }), DotevalsError, message);
    assertEquals(error.exitCode, 3);
    assertStringIncludes(error.hint ?? "", "Set AWS_");
  }
  const wrong: [Record<string, ModelOption>, string][] = [
    [{ regoin: "x" }, '"regoin": there is no such option'],
    [{ payload: "vlm" }, '"payload"'],
    [{ create: { role: "arn:x", instanceType: "ml.x" } }, "needs either image or modelPackage"],
    [{ create: { image: "i", role: "me", instanceType: "ml.x" } }, "must be the ARN of a role"],
  ];
  for (const [options, message] of wrong) {
    await assertRejects(() => setUp(options), DotevalsError, message);
  }
});

Deno.test("sagemaker: many calls at once each get their own answer", async () => {
  const echo = vllm(({ messages }) => ({ content: String(messages[0]?.content) }));
  await using aws = startAws({ containers: { "my-endpoint": echo } });
  await using handle = await setUp({ endpointUrl: aws.url });
  const asked = Array.from({ length: 100 }, (_, index) => `number ${index}`);
  const answers = await Promise.all(asked.map((text) => handle.model.generate(text)));
  assertEquals(answers.map(({ text }) => text), asked);
});
