import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { answer } from "../../providers/example/arithmetic.ts";
import { chunks, streamed } from "../../providers/openai/testing/answers.ts";
import { serve } from "../../providers/openai/testing/strict_server.ts";
import { workplace } from "../../tests/cli/command.ts";

const evaluation = fromFileUrl(new URL("openai.eval.ts", import.meta.url));

Deno.test("the example for openai runs against a stand-in for OpenAI's API", async () => {
  await using endpoint = serve(({ body }) => {
    const [{ content }] = body.messages as [{ readonly content: string }];
    return streamed(chunks([{ content: `{"answer": ${answer(content).match(/-?\d+/)?.[0]}}` }]));
  });
  const env = { OPENAI_API_KEY: "sk-example-1234", OPENAI_BASE_URL: endpoint.baseUrl };
  await using place = await workplace(env);
  const args = ["run", evaluation, "--experiment", "e", "--samples", "10"];
  const { code, stderr } = await place.dotevals(...args);
  assertEquals(code, 0, stderr);
  assertEquals(endpoint.seen.map(({ body }) => body.model), Array(10).fill("gpt-4o-mini"));
  assertEquals(endpoint.seen[0]?.headers.get("authorization"), "Bearer sk-example-1234");
  const { stdout } = await place.dotevals("show", "e", "--json");
  const [shown] = JSON.parse(stdout).evaluations;
  assertEquals([shown.completed, shown.errors], [10, 0]);
});
