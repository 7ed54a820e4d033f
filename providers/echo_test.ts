import { assertEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { model, type ModelOption } from "../src/providers/model_spec.ts";
import type { ModelHandle } from "../src/providers/provider.ts";
import { setUpModel } from "../src/providers/set_up.ts";

async function setUp(options: Record<string, ModelOption> = {}): Promise<ModelHandle> {
  return await setUpModel(model("echo:", options), {
    signal: new AbortController().signal,
    log() {},
    env: () => undefined,
  });
}

Deno.test("echo: answers with the last user message's text", async () => {
  await using handle = await setUp();
  assertEquals((await handle.model.generate("hello")).text, "hello");
  const { text } = await handle.model.generate({
    messages: [
      { role: "user", content: "first" },
      { role: "user", content: [{ type: "text", text: "a" }, { type: "text", text: "b" }] },
      { role: "assistant", content: "no" },
    ],
  });
  assertEquals(text, "ab");
});

Deno.test("echo: delayMs delays the answer, and an abort ends the wait", async () => {
  await using handle = await setUp({ delayMs: 1_000 });
  using time = new FakeTime();
  let answered = false;
  const call = handle.model.generate("hello").then(() => answered = true);
  await time.tickAsync(999);
  assertEquals(answered, false);
  await time.tickAsync(1);
  await call;
  const stop = new AbortController();
  const stopped = handle.model.generate("hello", { signal: stop.signal });
  stop.abort(new RangeError("enough"));
  await assertRejects(() => stopped, RangeError, "enough");
});
