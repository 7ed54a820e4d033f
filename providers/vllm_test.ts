import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DotevalsError } from "../src/errors.ts";
import { ModelError } from "../src/providers/model_error.ts";
import { model, type ModelOption } from "../src/providers/model_spec.ts";
import type { ModelHandle } from "../src/providers/provider.ts";
import { setUpModel } from "../src/providers/set_up.ts";
import { startServer } from "./vllm/start_server.ts";
import { running } from "./vllm/testing/process_state.ts";
import { open, type StandIn, standIn } from "./vllm/testing/stand_in.ts";

const MODEL = "Qwen/Qwen2.5-0.5B-Instruct";

async function setUp(
  options: Readonly<Record<string, ModelOption>>,
  { env = {}, signal = new AbortController().signal, log = () => {} }: {
    readonly env?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    readonly log?: (level: string, message: string) => void;
  } = {},
): Promise<ModelHandle> {
  return await setUpModel(model(`vllm:${MODEL}`, options), {
    signal,
    log,
    env: (name) => env[name],
  });
}

/** A server that somebody else runs. */
async function runs(
  vllm: StandIn,
  key?: string,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const { url, process } = await startServer({
    model: MODEL,
    command: vllm.command,
    flags: [],
    key,
    startTimeoutMs: 60_000,
    signal: new AbortController().signal,
    log() {},
  });
  return { url, [Symbol.asyncDispose]: () => process.end(0) };
}

async function processesOf(vllm: StandIn): Promise<readonly number[]> {
  return (await vllm.started()).flatMap(({ server, engine }) => [server, engine]);
}

async function failureOf(call: Promise<unknown>): Promise<ModelError> {
  return await assertRejects(() => call, ModelError);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

Deno.test("vllm: starts a server, answers with usage and timings, and ends the server", async () => {
  await using vllm = await standIn();
  const handle = await setUp({ command: vllm.command, args: "--max-model-len 20" });
  const { raw, latencyMs = -1, timeToFirstTokenMs = -1, ...response } = await handle.model
    .generate("Say this: blue sky above");
  assertEquals(response, {
    text: "blue sky above",
    finishReason: "stop",
    usage: { inputTokens: 5, outputTokens: 3 },
  });
  assert(raw);
  assert(timeToFirstTokenMs > 0 && latencyMs >= timeToFirstTokenMs);
  const [started] = await vllm.started();
  assertEquals(handle.resourceId, `http://127.0.0.1:${started?.port}/v1 ${MODEL}`);
  await Promise.all([handle.teardown(), handle.teardown()]);
  assertEquals(await running(await processesOf(vllm)), []);
});

Deno.test("vllm: says of each refusal whether a retry can help", async () => {
  await using vllm = await standIn();
  await using handle = await setUp({ command: vllm.command, args: ["--max-model-len", 4] });
  const long = await failureOf(handle.model.generate("one two three four five"));
  assertEquals([long.code, long.retryable, long.status], ["context-length", false, 400]);
  assertStringIncludes(long.message, "maximum context length is 4 tokens");
  const messages = [{ role: "user", content: "a" }] as const;
  const hot = await failureOf(handle.model.generate({ messages, temperature: -1 }));
  assertEquals([hot.code, hot.retryable], ["invalid-request", false]);
  const cut = await handle.model.generate({
    messages: [{ role: "user", content: "a b" }],
    maxTokens: 1,
  });
  assertEquals([cut.text, cut.finishReason], ["a", "length"]);
});

Deno.test("vllm: tells its load: what runs, what waits, and the cache's use", async () => {
  for (const cacheMetric of ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"]) {
    await using vllm = await standIn((gate) => ({ answerGate: gate("answer"), cacheMetric }));
    await using handle = await setUp({ command: vllm.command, args: "--max-num-seqs 2" });
    assertEquals(await handle.load?.(), { running: 0, waiting: 0, cacheUse: 0 });
    const calls = Array.from({ length: 5 }, () => handle.model.generate("?"));
    await until(async () => (await handle.load?.())?.waiting === 3);
    assertEquals(await handle.load?.(), { running: 2, waiting: 3, cacheUse: 1 });
    await open(vllm.gate("answer"));
    assertEquals((await Promise.all(calls)).map(({ text }) => text), Array(5).fill("?"));
    assertEquals(await handle.load?.(), { running: 0, waiting: 0, cacheUse: 0 });
  }
});

Deno.test("vllm: an aborted call ends, and so do calls that are under way at teardown", async () => {
  await using vllm = await standIn((gate) => ({ answerGate: gate("never") }));
  const handle = await setUp({ command: vllm.command });
  const stop = new AbortController();
  const aborted = handle.model.generate("?", { signal: stop.signal });
  const underWay = handle.model.generate("?");
  await until(async () => (await handle.load?.())?.running === 2);
  stop.abort(new RangeError("enough"));
  await assertRejects(() => aborted, RangeError, "enough");
  await until(async () => (await handle.load?.())?.running === 1);
  const failed = failureOf(underWay);
  await handle.teardown();
  assertEquals((await failed).retryable, true);
  assertEquals(await running(await processesOf(vllm)), []);
});

Deno.test("vllm: a server that dies is started again, and calls that it lost can be retried", async () => {
  await using vllm = await standIn((gate) => ({
    answerGate: gate("answer"),
    crashGate: gate("crash"),
  }));
  const logged: string[] = [];
  await using handle = await setUp({ command: vllm.command }, {
    log: (level, message) => logged.push(`${level} ${message}`),
  });
  const lost = failureOf(handle.model.generate("?"));
  await until(async () => (await handle.load?.())?.running === 1);
  await open(vllm.gate("crash"));
  const { code, retryable, message } = await lost;
  assertEquals([code, retryable], ["provider-crash", true]);
  assertStringIncludes(message, "ended with exit code 1");
  await open(vllm.gate("answer"));
  assertEquals((await handle.model.generate("back")).text, "back");
  const [first, second] = await vllm.started();
  assertEquals(await running([first?.server ?? 0, first?.engine ?? 0]), []);
  assert(second && second.server !== first?.server);
  const told = logged.find((line) => line.startsWith("error"));
  assertStringIncludes(told ?? "", "EngineDeadError");
});

Deno.test("vllm: a server that keeps dying is given up, with an error that no retry helps", async () => {
  await using vllm = await standIn((gate) => ({ crashGate: gate("crash") }));
  await using handle = await setUp({ command: vllm.command });
  for (let starts = 1; starts <= 3; starts++) {
    await until(async () => (await vllm.started()).length === starts);
    assertEquals((await handle.model.generate("up")).text, "up");
    await open(vllm.gate("crash"));
  }
  await until(async () => {
    const error = await handle.model.generate("?").then(() => undefined, (error) => error);
    return error instanceof ModelError && !error.retryable;
  });
  assertEquals((await failureOf(handle.model.generate("?"))).code, "provider-crash");
  assertEquals((await vllm.started()).length, 3);
});

Deno.test("vllm: a server that is asked for a key gets it, and a wrong one is not shown", async () => {
  await using vllm = await standIn();
  await using server = await runs(vllm, "k-right-1234");
  const baseUrl = `${server.url}/v1/`;
  const env = { MINE: "k-right-1234", WRONG: "k-wrong-1234" };
  await using handle = await setUp({ baseUrl, apiKeyVariable: "MINE" }, { env });
  assertEquals((await handle.model.generate("hello")).text, "hello");
  const refused = await assertRejects(
    () => setUp({ baseUrl, apiKeyVariable: "WRONG" }, { env }),
    DotevalsError,
  );
  assertStringIncludes(refused.message, "status 401");
  assert(!refused.message.includes("k-wrong-1234"));
  const missing = await assertRejects(
    () => setUp({ baseUrl, apiKeyVariable: "NONE" }, { env }),
    DotevalsError,
  );
  assertStringIncludes(missing.message, "NONE");
});

Deno.test("vllm: a running server is used and left running", async () => {
  await using vllm = await standIn();
  await using server = await runs(vllm);
  const handle = await setUp({ baseUrl: server.url, command: "not-started" });
  assertEquals((await handle.model.generate("hello")).text, "hello");
  assertEquals((await handle.load?.())?.running, 0);
  await handle.teardown();
  assertEquals(await fetch(`${server.url}/health`).then((response) => response.text()), "");
  assertEquals((await vllm.started()).length, 1);
});

Deno.test("vllm: a server that is not there, or serves something else, is told of", async () => {
  await using vllm = await standIn();
  await using server = await runs(vllm);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const nobody = `http://127.0.0.1:${listener.addr.port}/v1`;
  listener.close();
  const gone = await assertRejects(() => setUp({ baseUrl: nobody }), DotevalsError, "refused");
  assertEquals(gone.exitCode, 3);
  const other = model("vllm:other", { baseUrl: server.url });
  const signal = new AbortController().signal;
  const error = await assertRejects(
    () => setUpModel(other, { signal, log() {}, env: () => undefined }),
    DotevalsError,
  );
  assertStringIncludes(error.message, `serves ${MODEL}, but not other`);
});

Deno.test("vllm: adopts a running server of this model, and starts one where there is none", async () => {
  await using vllm = await standIn();
  const server = await runs(vllm);
  const given = { baseUrl: server.url, adopt: true, command: vllm.command };
  await using adopted = await setUp(given);
  assertStringIncludes(adopted.resourceId, server.url);
  await server[Symbol.asyncDispose]();
  await using own = await setUp(given);
  assertEquals((await own.model.generate("mine")).text, "mine");
  assertEquals((await vllm.started()).length, 2);
});

Deno.test("vllm: a setup that fails shows the log and leaves nothing running", async () => {
  await using vllm = await standIn({ loadFailure: "out-of-memory" });
  const error = await assertRejects(() => setUp({ command: vllm.command }), DotevalsError);
  assertEquals(error.exitCode, 3);
  assertStringIncludes(error.message, `The model "vllm:${MODEL}" could not be set up`);
  assertStringIncludes(error.message, "torch.OutOfMemoryError");
  assertStringIncludes(error.hint ?? "", "--gpu-memory-utilization");
  assertEquals(await running(await processesOf(vllm)), []);
});

Deno.test("vllm: a setup that hangs ends with its signal and leaves nothing running", async () => {
  await using vllm = await standIn((gate) => ({ loadGate: gate("never") }));
  const stop = new AbortController();
  const setup = setUp({ command: vllm.command }, { signal: stop.signal });
  await until(async () => (await vllm.started()).length === 1);
  stop.abort(new RangeError("enough"));
  await assertRejects(() => setup, RangeError, "enough");
  assertEquals(await running(await processesOf(vllm)), []);
});

Deno.test("vllm: wrong options are named, the flags among them that are the provider's own", async () => {
  const port = await assertRejects(() => setUp({ args: "--port 8000" }), DotevalsError);
  assertEquals(port.exitCode, 2);
  assertStringIncludes(port.message, "--port");
  const key = await assertRejects(() => setUp({ args: ["--api-key=k-secret"] }), DotevalsError);
  assertStringIncludes(key.message, "apiKeyVariable");
  assert(!key.message.includes("k-secret"));
  const none = await assertRejects(() => setUp({ gpus: 2 }), DotevalsError);
  assertStringIncludes(none.message, '"gpus": there is no such option');
});
