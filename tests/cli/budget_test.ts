import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startModelServer } from "../faults/model_server.ts";
import { fixturePath, workplace } from "./command.ts";

const ARGS = [
  ...["run", fixturePath("asking"), "--experiment", "e", "--model", "openai:m"],
  ...["--concurrency", "4"],
];

Deno.test("--max-tokens ends a run with 4, says what is left, and the next run goes on", async () => {
  await using model = startModelServer();
  await using place = await workplace({ OPENAI_BASE_URL: model.url, ITEMS: "40" });
  const first = await place.dotevals(...ARGS, "--max-tokens", "20");
  assertEquals(first.code, 4, first.stderr);
  // Two tokens a call: what is spent passes the cap by at most one call.
  const asked = model.calls.length;
  assert(asked >= 9 && asked <= 11, `${asked} calls`);
  assertStringIncludes(first.stderr, "warning: The budget of 20 tokens is spent");
  assertStringIncludes(
    first.stderr,
    `Out of budget; ${asked} items are recorded. To go on: `,
  );
  const second = await place.dotevals(...ARGS);
  assertEquals([second.code, model.calls.length], [0, 40]);
});

Deno.test("--max-tokens that is too small for a single call says what one needs", async () => {
  await using model = startModelServer();
  await using place = await workplace({ OPENAI_BASE_URL: model.url, ITEMS: "40" });
  const { code, stderr } = await place.dotevals(...ARGS, "--max-tokens", "1");
  assertEquals([code, model.calls.length], [4, 0], stderr);
  const text = "The budget of 1 tokens is too small for one call, which needs about 2; ";
  assertStringIncludes(stderr, text);
});

Deno.test("a refused key ends a run with 4, and is told once", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ error: { message: "Incorrect API key provided" } }, { status: 401 }),
  );
  const url = `http://127.0.0.1:${server.addr.port}/v1`;
  await using place = await workplace({ OPENAI_BASE_URL: url, ITEMS: "10000" });
  const { code, stderr, stdout } = await place.dotevals(...ARGS);
  assertEquals(code, 4, stderr);
  assertEquals(stderr.split("Incorrect API key provided").length, 2, stderr);
  assertStringIncludes(stdout, "asking");
});
