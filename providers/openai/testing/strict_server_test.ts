import { assertEquals, assertStringIncludes } from "@std/assert";
import { OpenAI } from "openai";
import { chunks, completion, data, outputText, responseObject, streamed } from "./answers.ts";
import { serve } from "./strict_server.ts";

const user = { role: "user", content: "?" };
const chat = { model: "m", messages: [user] };
const tool = { name: "add", parameters: {} };

const REFUSED: readonly [path: string, body: Record<string, unknown>, words: string][] = [
  ["chat/completions", { ...chat, temprature: 1 }, "temprature"],
  ["chat/completions", { ...chat, temperature: "1" }, "temperature"],
  ["chat/completions", { ...chat, temperature: 3 }, "temperature"],
  ["chat/completions", { ...chat, max_tokens: 0 }, "max_tokens"],
  ["chat/completions", { ...chat, stop: "\n" }, "stop"],
  ["chat/completions", { ...chat, stream: "yes" }, "stream"],
  ["chat/completions", { ...chat, stream_options: { usage: true } }, "stream_options."],
  ["chat/completions", { messages: [user] }, "model"],
  ["chat/completions", { ...chat, messages: [] }, "messages"],
  ["chat/completions", { ...chat, messages: [{ ...user, role: "robot" }] }, "messages.0.role"],
  ["chat/completions", { ...chat, messages: [{ ...user, text: "?" }] }, "messages.0.text"],
  ["chat/completions", { ...chat, messages: [{ role: "tool", content: "?" }] }, "tool_call_id"],
  [
    "chat/completions",
    { ...chat, messages: [{ role: "user", content: [{ type: "image_url", image_url: "u" }] }] },
    "messages.0.content",
  ],
  ["chat/completions", { ...chat, tools: [{ type: "function", ...tool }] }, "tools.0.function"],
  [
    "chat/completions",
    { ...chat, tools: [{ type: "function", function: { ...tool, strict: 1 } }] },
    "tools.0.function.strict",
  ],
  [
    "chat/completions",
    { ...chat, response_format: { type: "json_schema", json_schema: { schema: {} } } },
    "response_format.json_schema.name",
  ],
  ["responses", { model: "m", input: [user], seed: 1 }, "seed"],
  ["responses", { model: "m", input: [{ ...user, content: [{ type: "text" }] }] }, "input.0"],
  ["responses", { model: "m", input: [user], text: { format: { type: "json_schema" } } }, "text."],
  ["embeddings", { model: "m", input: [] }, "input"],
  ["embeddings", { model: "m", input: Array(2049).fill("a") }, "input"],
  ["embeddings", { model: "m", input: [""] }, "input.0"],
  ["embeddings", { model: "m", input: ["a"], dims: 2 }, "dims"],
  ["completions", { model: "m", prompt: "?" }, "/v1/completions"],
];

Deno.test("the strict server refuses what OpenAI's API does not know, naming it", async () => {
  await using endpoint = serve(() => completion({ content: "taken" }));
  for (const [path, body, words] of REFUSED) {
    const response = await fetch(`${endpoint.baseUrl}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    assertEquals([response.status, text.includes(words)], [400, true], `${words}: ${text}`);
  }
  const untyped = await fetch(`${endpoint.baseUrl}/chat/completions`, {
    method: "POST",
    body: JSON.stringify(chat),
  });
  assertStringIncludes(await untyped.text(), "content type");
});

Deno.test("the strict server is met by the official client, unmodified", async () => {
  await using endpoint = serve(({ path, body }) => {
    switch (path) {
      case "/v1/chat/completions":
        return body.stream
          ? streamed(chunks([{ content: "fo" }, { content: "ur" }]))
          : completion({ content: "four" });
      case "/v1/responses": {
        const response = responseObject([outputText("four")]);
        return body.stream
          ? streamed([data({ type: "response.completed", response })])
          : Response.json(response);
      }
      default:
        return Response.json({ data: [{ index: 0, embedding: [0.5, 1] }] });
    }
  });
  const client = new OpenAI({ baseURL: endpoint.baseUrl, apiKey: "k", maxRetries: 0 });
  const messages = [{ role: "user" as const, content: "2 + 2?" }];
  const whole = await client.chat.completions.create({ model: "m", messages });
  assertEquals(whole.choices[0]?.message.content, "four");
  const stream = client.chat.completions.stream({ model: "m", messages });
  assertEquals((await stream.finalChatCompletion()).choices[0]?.message.content, "four");
  const response = await client.responses.create({ model: "m", input: messages });
  assertEquals(response.output_text, "four");
  const events = await client.responses.create({ model: "m", input: messages, stream: true });
  for await (const event of events) assertEquals(event.type, "response.completed");
  const vectors = await client.embeddings.create({
    model: "m",
    input: ["one"],
    encoding_format: "float",
  });
  assertEquals(vectors.data[0]?.embedding, [0.5, 1]);
});
