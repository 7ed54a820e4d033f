import { assert, assertEquals } from "@std/assert";
import { exactMatch, foreach, model, run } from "../../mod.ts";

/** How many requests may be made at once, all of which come back within a second. */
const LIMIT = 50;

/** An endpoint that allows so many requests, says what is left as OpenAI does, and refuses the rest. */
function limitedEndpoint() {
  const counts = { answered: 0, refused: 0 };
  let left = LIMIT;
  let at = performance.now();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    await request.text();
    const now = performance.now();
    left = Math.min(LIMIT, left + LIMIT * (now - at) / 1000);
    at = now;
    const isAllowed = left >= 1;
    if (isAllowed) left--;
    counts[isAllowed ? "answered" : "refused"]++;
    const headers = {
      "x-ratelimit-limit-requests": String(LIMIT),
      "x-ratelimit-remaining-requests": String(Math.floor(left)),
      "x-ratelimit-reset-requests": `${Math.ceil((LIMIT - left) / LIMIT * 1000)}ms`,
    };
    if (!isAllowed) {
      const body = { error: { message: "Rate limit reached", code: "rate_limit_exceeded" } };
      return Response.json(body, { status: 429, headers: { ...headers, "retry-after-ms": "40" } });
    }
    const message = { role: "assistant", content: "4" };
    return Response.json({
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    }, { headers });
  });
  return {
    counts,
    baseUrl: `http://127.0.0.1:${server.addr.port}/v1`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("calls over HTTP are spread out by the limits that the endpoint tells, and no item fails", async () => {
  await using endpoint = limitedEndpoint();
  const rows = Array.from({ length: 200 }, (_, at) => at);
  const sums = foreach(
    "n",
    rows,
    { name: "sums", model: model("openai:m", { baseUrl: endpoint.baseUrl, stream: false }) },
    async ({ n }, { model }) => exactMatch((await model.generate(`${n}`)).text, "4"),
  );
  await using results = await run(sums, { storage: "memory:" });
  assertEquals(results.summary().errors, 0);
  assertEquals(endpoint.counts.answered, 200);
  // Without what the endpoint tells, items fail with four refusals each. A busy machine sends calls
  // in bunches, of which some are refused all the same.
  assert(endpoint.counts.refused <= 50, `${endpoint.counts.refused} of 200 were refused`);
});
