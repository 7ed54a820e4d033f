import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { isRunning } from "../../../providers/vllm/testing/process_state.ts";
import { DotevalsError } from "../../errors.ts";
import { ModelError, ProviderCrashError, RateLimitError } from "../model_error.ts";
import { pluginPlace, pluginText } from "./testing/plugin_place.ts";

async function locked(text: string, grant = {}) {
  const place = await pluginPlace({ "/plugin.js": text });
  await place.lock(grant);
  return place;
}

Deno.test("a model in a sandbox answers, embeds, and answers batches, bytes included", async () => {
  await using place = await locked(`export default {
    [Symbol.for("dotevals.provider")]: 1, name: "acme", permissions: {},
    setup: (spec) => ({
      resourceId: "acme:" + spec,
      pricedAs: { provider: "acme", model: spec },
      limitedAs: "acme's key",
      model: {
        generate: async (request) => ({
          text: typeof request === "string" ? request : request.messages[0].content[0].data.join(),
          raw: { bytes: new Uint8Array([1, 2]), tagged: { $bytes: 5 }, "__proto__x": 1 },
          latencyMs: 12,
        }),
        embed: async (texts) => texts.map((text) => new Float32Array([text.length, 0.5])),
        generateBatch: async (requests) => requests.map((text) => ({ text })),
      },
      load: () => Promise.resolve({ running: 3, waiting: 0 }),
      teardown() {},
    }),
  };`);
  await using handle = await place.setUp();
  const { model } = handle;
  assertEquals([handle.resourceId, handle.pricedAs], ["acme:m", {
    provider: "acme",
    model: "m",
  }]);
  assertEquals(handle.limitedAs, "acme's key");
  const raw = { bytes: new Uint8Array([1, 2]), tagged: { $bytes: 5 }, "__proto__x": 1 };
  assertEquals(await model.generate("äh"), { text: "äh", raw, latencyMs: 12 });
  const image = { type: "image", data: new Uint8Array([7, 8]), mediaType: "image/png" } as const;
  const answer = await model.generate({ messages: [{ role: "user", content: [image] }] });
  assertEquals(answer.text, "7,8");
  assertEquals(await model.embed?.(["ab", "c"]), [[2, 0.5], [1, 0.5]]);
  assertEquals(await model.generateBatch?.(["a", "b"]), [{ text: "a" }, { text: "b" }]);
  assertEquals(await handle.load?.(), { running: 3, waiting: 0 });
});

Deno.test("a model in a sandbox has only the methods that its provider gave it", async () => {
  await using place = await locked(pluginText("return { text: 'x' };"));
  await using handle = await place.setUp();
  assertEquals(Object.keys(handle.model), ["generate"]);
  assertEquals("load" in handle, false);
  const { latencyMs } = await handle.model.generate("x");
  assert(typeof latencyMs === "number");
});

Deno.test("errors come out of a sandbox with what a retry needs, and no crash is taken on its word", async () => {
  await using place = await locked(pluginText(`
    if (request === "limit") throw Object.assign(new Error("slow down"), {
      code: "rate-limit", retryable: true, status: 429, retryAfterMs: 1500,
      limits: { requests: { remaining: 0 } } });
    if (request === "crash") throw Object.assign(new Error("x"), { code: "provider-crash", retryable: true });
    if (request === "text") throw "a text";
    throw new TypeError("no", { cause: new Error("because") });
  `));
  await using handle = await place.setUp();
  const error = await assertRejects(() => handle.model.generate("limit"), RateLimitError);
  assertEquals(
    [error.message, error.status, error.retryAfterMs, error.retryable],
    ["slow down", 429, 1500, true],
  );
  assertEquals(error.limits, { requests: { remaining: 0 } });
  const crash = await assertRejects(() => handle.model.generate("crash"), Error);
  assertEquals(crash instanceof ModelError, false);
  const text = await assertRejects(() => handle.model.generate("text"), Error);
  assertEquals(text.message, "a text");
  const other = await assertRejects(() => handle.model.generate("x"), Error);
  assertEquals([other.name, other.message], ["TypeError", "no (because)"]);
});

Deno.test("options are checked by the provider's own schema, in its process", async () => {
  await using place = await locked(`
    const config = { "~standard": { version: 1, vendor: "t", validate: (value) =>
      typeof value.size === "number" ? { value: { size: value.size * 2 } }
        : { issues: [{ message: "must be a number", path: ["size"] }] } } };
    export default { [Symbol.for("dotevals.provider")]: 1, name: "acme", permissions: {}, config,
      setup: (spec, { config }) => ({ resourceId: "size " + config.size, model: { generate() {} },
        teardown() {} }) };`);
  await using handle = await place.setUp({ options: { size: 4 } });
  assertEquals(handle.resourceId, "size 8");
  const error = await assertRejects(() => place.setUp({ options: { size: "x" } }), DotevalsError);
  assertEquals(error.code, "invalid-model-option");
  assertStringIncludes(error.message, '"size": must be a number');
});

Deno.test("a provider without a schema takes no options in a sandbox either", async () => {
  await using place = await locked(pluginText(""));
  const error = await assertRejects(() => place.setUp({ options: { size: 1 } }), DotevalsError);
  assertStringIncludes(error.message, '"size": the provider takes no options');
});

Deno.test("a plugin gets the variables that were granted, and its secrets are known", async () => {
  const text = pluginText(
    `return { text: JSON.stringify([context.env("A_KEY"), context.env("HOME"), Deno.env.get("A_KEY")]) };`,
    { fields: 'permissions: { env: ["A_KEY"] },' },
  );
  await using place = await locked(text, { env: ["A_KEY"] });
  const secrets: string[] = [];
  await using handle = await place.setUp({
    env: { A_KEY: "the-secret", HOME: "/home/me" },
    onSecret: (value) => secrets.push(value),
  });
  const { text: answer } = await handle.model.generate("x");
  assertEquals(answer, '["the-secret",null,"the-secret"]');
  assertEquals(secrets, ["the-secret"]);
});

Deno.test("a plugin that asks for more than it was granted is refused before its setup", async () => {
  await using place = await locked(
    pluginText("", {
      fields: 'permissions: { net: ["api.acme.test"] },',
      setup: "context.log('info', 'ran');",
    }),
  );
  const error = await assertRejects(() => place.setUp(), DotevalsError, "more than it was granted");
  assertStringIncludes(error.hint ?? "", `providers add ${place.url} --allow-net=api.acme.test`);
  assertEquals(place.log, []);
});

Deno.test("an option that names a variable which was not granted is refused, with the command", async () => {
  await using place = await locked(pluginText(""), { env: ["A_KEY"] });
  const options = { keyVariable: "OTHER_KEY" };
  const error = await assertRejects(() => place.setUp({ options }), DotevalsError, "OTHER_KEY");
  assertStringIncludes(error.hint ?? "", `add ${place.url} --allow-env=A_KEY,OTHER_KEY`);
});

Deno.test("a cancelled call ends at once, and the plugin learns of it", async () => {
  await using place = await locked(pluginText(`
    if (request === "count") return { text: String(globalThis.cancelled ?? 0) };
    context.log("info", "called");
    return await new Promise((resolve) => signal.addEventListener("abort", () => {
      globalThis.cancelled = 1;
      setTimeout(() => resolve({ text: "late" }), 20);
    }));`));
  await using handle = await place.setUp();
  const control = new AbortController();
  const call = handle.model.generate("x", { signal: control.signal });
  while (!place.log.includes("info acme: called")) await new Promise((r) => setTimeout(r, 5));
  control.abort(new Error("enough"));
  await assertRejects(() => call, Error, "enough");
  assertEquals((await handle.model.generate("count")).text, "1");
  await assertRejects(
    () => handle.model.generate("x", { signal: control.signal }),
    Error,
    "enough",
  );
});

Deno.test("setup that is told to stop ends with its process", async () => {
  await using place = await locked(
    pluginText("", {
      setup:
        'context.log("info", "pid " + Deno.pid); await new Promise(() => setInterval(() => {}, 1000));',
    }),
  );
  const control = new AbortController();
  const setup = place.setUp({ signal: control.signal, limits: { teardownMs: 200 } });
  while (place.log.length === 0) await new Promise((r) => setTimeout(r, 5));
  control.abort(new Error("the session ends"));
  await assertRejects(() => setup, Error, "the session ends");
  assertEquals(await isRunning(Number(place.log[0]?.match(/\d+/)?.[0])), false);
});

Deno.test("setup that is given up has the time to take back what it began", async () => {
  await using place = await locked(pluginText("", {
    setup: `context.log("info", "begun");
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      await new Promise((resolve) => setTimeout(resolve, 50));
      context.log("info", "taken back");
      throw new Error("given up");`,
  }));
  const control = new AbortController();
  const setup = place.setUp({ signal: control.signal });
  while (place.log.length === 0) await new Promise((r) => setTimeout(r, 5));
  control.abort(new Error("the session ends"));
  await assertRejects(() => setup, Error, "the session ends");
  assertEquals(place.log, ["info acme: begun", "info acme: taken back"]);
});

Deno.test("a process that dies fails its calls as a crash, and is started again", async () => {
  await using place = await locked(pluginText(`
    if (request === "exit") Deno.exit(3);
    if (request === "wait") return await new Promise(() => setInterval(() => {}, 1000));
    return { text: String(Deno.pid) };`));
  await using handle = await place.setUp();
  const before = (await handle.model.generate("pid")).text;
  const waiting = handle.model.generate("wait").catch((error) => error);
  const error = await assertRejects(() => handle.model.generate("exit"), ProviderCrashError);
  assertEquals([error.code, error.retryable], ["provider-crash", true]);
  assertMatch(error.message, /The process of acme ended: status 3/);
  assert(await waiting instanceof ProviderCrashError);
  const after = (await handle.model.generate("pid")).text;
  assert(after !== before, after);
  assert(
    place.log.includes("warn acme: its process ended; it is started again."),
    place.log.join(),
  );
});

Deno.test("a process that crashes again and again is not started for ever", async () => {
  await using place = await locked(pluginText("Deno.exit(3);"));
  await using handle = await place.setUp({ limits: { crashes: 2 } });
  for (let call = 0; call < 3; call++) {
    await assertRejects(() => handle.model.generate("x"), ProviderCrashError);
  }
  const error = await assertRejects(() => handle.model.generate("x"), Error, "2 times in a row");
  assertEquals("retryable" in error, false);
});

Deno.test("teardown runs the provider's own, once, and its process is gone", async () => {
  await using place = await locked(`export default {
    [Symbol.for("dotevals.provider")]: 1, name: "acme", permissions: {},
    setup: (spec, context) => ({ resourceId: String(Deno.pid), model: { generate() {} },
      async teardown() { context.log("info", "down"); } }),
  };`);
  const handle = await place.setUp();
  await handle.teardown();
  await handle.teardown();
  assertEquals(place.log, ["info acme: down"]);
  assertEquals(await isRunning(Number(handle.resourceId)), false);
  await assertRejects(() => handle.model.generate("x"), Error, "torn down");
});

Deno.test("a teardown that fails says so, and its process is gone all the same", async () => {
  await using place = await locked(`export default {
    [Symbol.for("dotevals.provider")]: 1, name: "acme", permissions: {},
    setup: () => ({ resourceId: String(Deno.pid), model: { generate() {} },
      async teardown() { throw new Error("cannot"); } }),
  };`);
  const handle = await place.setUp();
  await assertRejects(() => handle.teardown(), Error, "cannot");
  assertEquals(await isRunning(Number(handle.resourceId)), false);
});
