import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { completion } from "../../providers/openai/testing/answers.ts";
import { serve } from "../../providers/openai/testing/strict_server.ts";
import { workplace } from "../../tests/cli/command.ts";

const evaluation = fromFileUrl(new URL("ai.eval.ts", import.meta.url));

Deno.test("the example for ai runs with a model of the AI SDK that another server answers for", async () => {
  await using endpoint = serve(({ body }) => {
    const [{ content }] = body.messages as [{ readonly content: string }];
    return completion({ content: `It is ${content.match(/\d+/)?.[0]}.` });
  });
  await using place = await workplace({ MY_KEY: "k-123" });
  const options = [
    `other.baseUrl=${endpoint.baseUrl}`,
    "other.apiKeyVariable=MY_KEY",
    "other.stream=false",
  ];
  const { code, stderr } = await place.dotevals(
    "run",
    evaluation,
    "--experiment",
    "e",
    "--samples",
    "10",
    "--model",
    "other=ai:openai-compatible/some-model",
    ...options.flatMap((option) => ["--model-option", option]),
  );
  assertEquals(code, 0, stderr);
  assertEquals(endpoint.seen.map(({ body }) => body.model), Array(10).fill("some-model"));
  assertEquals(endpoint.seen[0]?.headers.get("authorization"), "Bearer k-123");
});

Deno.test("the example for ai says which key its own model needs", async () => {
  await using place = await workplace({ ANTHROPIC_API_KEY: "" });
  const { code, stderr } = await place.dotevals("run", evaluation, "--samples", "1");
  assertEquals([code, stderr.includes("ANTHROPIC_API_KEY")], [3, true], stderr);
});
