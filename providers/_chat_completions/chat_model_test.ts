import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ModelError } from "../../src/providers/model_error.ts";
import { chunks, completion, data, failure, streamed } from "../openai/testing/answers.ts";
import { type Endpoint, serve } from "../openai/testing/strict_server.ts";
import { chatModel, type ChatModelOptions } from "./chat_model.ts";

function modelAt(
  { baseUrl }: Pick<Endpoint, "baseUrl">,
  options: Partial<ChatModelOptions> = {},
): ReturnType<typeof chatModel> {
  return chatModel({ baseUrl, model: "m", maxTokensField: "max_tokens", ...options });
}

async function failureOf(call: Promise<unknown>): Promise<ModelError> {
  return await assertRejects(() => call, ModelError);
}

Deno.test("chatModel() puts a streamed answer together to what comes unstreamed", async () => {
  const calls = [0, 1].map((index) => ({
    id: `c${index}`,
    type: "function",
    function: { name: "add", arguments: `{"a":${index}}` },
  }));
  await using endpoint = serve(({ body }) =>
    body.stream
      ? streamed(chunks([
        { content: "The sum" },
        { content: " is" },
        ...calls.flatMap((call, index) => [
          { tool_calls: [{ index, ...call, function: { name: "add", arguments: "" } }] },
          { tool_calls: [{ index, id: call.id, function: { arguments: '{"a":' } }] },
          { tool_calls: [{ index, id: "", function: { arguments: `${index}}` } }] },
        ]),
        { content: " 4" },
      ], "tool_calls"))
      : completion({ content: "The sum is 4", tool_calls: calls }, {
        choices: [{
          index: 0,
          message: { role: "assistant", content: "The sum is 4", tool_calls: calls },
          finish_reason: "tool_calls",
        }],
      })
  );
  const answers = [];
  for (const stream of [true, false]) {
    const { timeToFirstTokenMs, latencyMs, ...answer } = await modelAt(endpoint, { stream })
      .generate("?");
    assertEquals(typeof timeToFirstTokenMs, stream ? "number" : "undefined");
    assert(latencyMs);
    answers.push(answer);
  }
  assertEquals(answers[0], answers[1]);
  assertEquals(answers[0]?.finishReason, "tool-calls");
  assertEquals(answers[0]?.toolCalls?.map((call) => call.arguments), [{ a: 0 }, { a: 1 }]);
  assertEquals(endpoint.seen[1]?.body.stream, undefined);
});

Deno.test("chatModel() does without what an endpoint refuses of streaming, and asks it once", async () => {
  const refusals: readonly [string, boolean, (body: Record<string, unknown>) => boolean][] = [
    [
      "Unrecognized request argument supplied: stream_options",
      true,
      (body) => "stream_options" in body,
    ],
    ["Your organization must be verified to stream this model.", false, (body) => "stream" in body],
  ];
  for (const [message, streams, refused] of refusals) {
    await using endpoint = serve(({ body }) => {
      if (refused(body)) return failure(400, { message, type: "invalid_request_error" });
      return body.stream ? streamed(chunks([{ content: "4" }])) : completion({ content: "4" });
    });
    const model = modelAt(endpoint);
    assertEquals((await model.generate("1")).text, "4");
    assertEquals((await model.generate("2")).timeToFirstTokenMs !== undefined, streams);
    assertEquals(endpoint.seen.length, 3);
    const strict = modelAt(endpoint, { stream: true });
    if (streams) await strict.generate("3");
    else assertStringIncludes((await failureOf(strict.generate("3"))).message, "verified");
  }
});

Deno.test("chatModel() reuses its connection, streamed or not", async () => {
  await using endpoint = serve(({ body }) =>
    body.stream ? streamed([chunks([{ content: "4" }]).join("")]) : completion({ content: "4" })
  );
  using client = Deno.createHttpClient({});
  for (const stream of [true, false]) {
    for (let call = 0; call < 5; call++) await modelAt(endpoint, { stream, client }).generate("?");
  }
  assertEquals(new Set(endpoint.seen.map(({ port }) => port)).size, 1);
});

Deno.test("chatModel() takes an answer that ends in an error, or too early, for a failure", async () => {
  const [start = "", token = "", end = ""] = chunks([{ content: "4" }]);
  const cases: readonly [string, string, string][] = [
    [data({ error: { message: "worker died", code: 500 } }), "transient", "worker died"],
    [`event: error\n${data({ message: "oops" })}`, "transient", "oops"],
    [data({ error: { message: "slow", code: "rate_limit_exceeded" } }), "rate-limit", "slow"],
    [data({ error: { message: "no", code: 400 } }), "invalid-request", "no"],
    [
      data({ error: { message: "exceeds the context window" } }),
      "context-length",
      "context window",
    ],
    ["data: {oops\n\n", "transient", "{oops"],
    ["", "transient", "cut off"],
  ];
  let last = "";
  await using endpoint = serve(() => streamed([start, token, last]));
  for (const [ending, code, words] of cases) {
    last = ending;
    const error = await failureOf(modelAt(endpoint).generate("?"));
    assertEquals([ending, error.code], [ending, code]);
    assertStringIncludes(error.message, words);
  }
  last = end;
  assertEquals((await modelAt(endpoint).generate("?")).text, "4", "some servers send no [DONE]");
});

Deno.test("chatModel() takes a connection that breaks in mid-answer for a transient error", async () => {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const served = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(10_000));
    const piece = chunks([{ content: "4" }]).slice(0, 2).join("");
    const head =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 9999\r\n\r\n";
    await connection.write(new TextEncoder().encode(`${head}${piece}`));
  })();
  const baseUrl = `http://127.0.0.1:${listener.addr.port}/v1`;
  const error = await failureOf(modelAt({ baseUrl }).generate("?"));
  await served;
  assertEquals(error.code, "transient");
  assertStringIncludes(error.message, "Connection error: ");
});

Deno.test("chatModel() closes the connection at an abort, a timeout and an answer that is none", async () => {
  const [start = "", token = ""] = chunks([{ content: "4" }]);
  const ends: readonly [string, Partial<ChatModelOptions>, ErrorConstructor | typeof ModelError][] =
    [[token, {}, RangeError], [token, { timeoutMs: 100 }, ModelError], [
      "data: {oops\n\n",
      {},
      ModelError,
    ]];
  for (const [piece, options, expected] of ends) {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    let whole = false;
    await using endpoint = serve(() =>
      streamed(async function* () {
        try {
          yield start + piece;
          begun.resolve();
          // Until it is told that nobody reads any more, or the test has failed.
          for (let more = 0; more < 500; more++) {
            await new Promise((resolve) => setTimeout(resolve, 2));
            yield token;
          }
          whole = true;
        } finally {
          ended.resolve();
        }
      }())
    );
    const stop = new AbortController();
    const call = modelAt(endpoint, options).generate("?", { signal: stop.signal });
    call.catch(() => {});
    await begun.promise;
    if (expected === RangeError) stop.abort(new RangeError("enough"));
    await assertRejects(() => call, expected);
    await ended.promise;
    assertEquals(whole, false);
  }
});

Deno.test("chatModel() knows a request that is too long in the words of each server", async () => {
  const words: readonly [number, Record<string, unknown>][] = [
    [400, { message: "Too long.", code: "context_length_exceeded" }],
    [400, { message: "This model's maximum context length is 8192 tokens. However, …" }],
    [400, { message: "The decoder prompt is longer than the maximum model length of 4096." }],
    [400, { message: "the request exceeds …", type: "exceed_context_size_error", code: 400 }],
    [500, { message: "the request exceeds the available context size" }],
    [400, { message: "Your input exceeds the context window of this model." }],
    [422, { message: "`inputs` tokens + `max_new_tokens` must be <= 4096." }],
    [400, { message: "prompt is too long: 210000 tokens > 200000 maximum" }],
    [400, { message: "Input is too long for requested model." }],
  ];
  let told = words[0] ?? [0, {}];
  await using endpoint = serve(() => failure(...told));
  for (told of words) {
    const error = await failureOf(modelAt(endpoint).generate("?"));
    assertEquals([told[1].message, error.code], [told[1].message, "context-length"]);
  }
});

Deno.test("chatModel() reads what was said in each form of refusal", async () => {
  const bodies: readonly [unknown, string][] = [
    [{ error: { message: "no such thing" } }, "HTTP 400: no such thing"],
    [{ object: "error", message: "no such thing", code: 400 }, "HTTP 400: no such thing"],
    [{ error: "no such thing" }, "HTTP 400: no such thing"],
    [{ detail: "no such thing" }, "HTTP 400: no such thing"],
    [{ detail: [{ msg: "no" }] }, 'HTTP 400: [{"msg":"no"}]'],
  ];
  for (const [body, message] of bodies) {
    await using endpoint = serve(() => Response.json(body, { status: 400 }));
    assertEquals((await failureOf(modelAt(endpoint).generate("?"))).message, message);
  }
  await using endpoint = serve(() => new Response(null, { status: 503 }));
  assertStringIncludes((await failureOf(modelAt(endpoint).generate("?"))).message, "HTTP 503");
});

Deno.test("chatModel() shows no secret that an endpoint repeats", async () => {
  const secrets = ["sk-very-secret"];
  const said = "wrong key sk-very-secret";
  const answers = [
    () => failure(401, { message: said }),
    () => new Response(said),
    () => streamed([data({ error: { message: said } })]),
  ];
  for (const answer of answers) {
    await using endpoint = serve(answer);
    const error = await failureOf(modelAt(endpoint, { secrets }).generate("?"));
    assertStringIncludes(error.message, "wrong key ***");
    assert(!Deno.inspect(error).includes("sk-very-secret"));
  }
});

Deno.test("chatModel() gives refusals as text and a filtered answer's reason", async () => {
  await using endpoint = serve(() =>
    streamed(chunks([{ refusal: "I will not." }], "content_filter"))
  );
  const { text, finishReason } = await modelAt(endpoint).generate("?");
  assertEquals([text, finishReason], ["I will not.", "content-filter"]);
});

Deno.test("chatModel() keeps a query in the endpoint's URL, as Azure's", async () => {
  const asked: string[] = [];
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    asked.push(request.url);
    return completion({ content: "4" });
  });
  const base = `http://127.0.0.1:${server.addr.port}/openai/deployments/d`;
  await modelAt({ baseUrl: `${base}?api-version=1` }).generate("?");
  assertEquals(asked, [`${base}/chat/completions?api-version=1`]);
});
