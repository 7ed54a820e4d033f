import { assertEquals, assertMatch } from "@std/assert";
import { startServer } from "../start_server.ts";
import { parseServeArgs } from "./serve_args.ts";
import { standIn } from "./stand_in.ts";

Deno.test("the stand-in for vllm refuses what is no request to it", async () => {
  await using vllm = await standIn();
  const { url, process } = await startServer({
    model: "m",
    command: vllm.command,
    flags: ["--max-model-len", "3"],
    key: "k-1234",
    startTimeoutMs: 60_000,
    signal: new AbortController().signal,
    log() {},
  });
  const good = { model: "m", messages: [{ role: "user", content: "a b" }] };
  const ask = async (body: unknown, key = "k-1234") => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
    return `${response.status} ${await response.text()}`;
  };
  try {
    assertMatch(await ask(good), /^200 .*"content":"a b"/);
    assertEquals(await ask(good, "k-1"), '401 {"error":"Unauthorized"}');
    assertMatch(await ask({ ...good, model: "other" }), /^404 .*NotFoundError/);
    assertMatch(await ask({ ...good, temprature: 1 }), /^400 .*'body', 'temprature'/);
    assertMatch(await ask({ ...good, temperature: "hot" }), /^400 .*'body', 'temperature'/);
    assertMatch(await ask({ ...good, temperature: -1 }), /^400 .*'body', 'temperature'/);
    assertMatch(await ask({ model: "m", messages: [] }), /^400 .*'body', 'messages'/);
    assertMatch(await ask({ ...good, messages: [{ role: "user" }] }), /^400 .*'0', 'content'/);
    assertMatch(await ask({ ...good, max_tokens: 2 }), /^400 .*maximum context length is 3 tokens/);
    const other = await fetch(`${url}/v1/completions`, {
      headers: { authorization: "Bearer k-1234" },
    });
    assertEquals([other.status, await other.json()], [404, { detail: "Not Found" }]);
  } finally {
    await process.end(0);
  }
});

Deno.test("the stand-in for vllm refuses flags and subcommands that vllm does not have", () => {
  assertMatch(String(parseServeArgs(["bench", "m"])), /invalid choice: 'bench'/);
  assertMatch(String(parseServeArgs(["serve", "m", "--modle", "x"])), /arguments: --modle/);
  assertMatch(String(parseServeArgs(["serve", "m", "stray"])), /arguments: stray/);
});
