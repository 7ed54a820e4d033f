import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DotevalsError } from "../../src/errors.ts";
import { startServer, type StartServerOptions } from "./start_server.ts";
import { running } from "./testing/process_state.ts";
import { open, type StandIn, standIn } from "./testing/stand_in.ts";

function options(
  command: string,
  more: Partial<StartServerOptions> = {},
): StartServerOptions & { readonly logged: string[] } {
  const logged: string[] = [];
  return {
    model: "Qwen/Qwen2.5-0.5B-Instruct",
    command,
    flags: [],
    key: undefined,
    startTimeoutMs: 60_000,
    signal: new AbortController().signal,
    log: (level, message) => logged.push(`${level} ${message}`),
    logged,
    ...more,
  };
}

async function processesOf(vllm: StandIn): Promise<readonly number[]> {
  return (await vllm.started()).flatMap(({ server, engine }) => [server, engine]);
}

async function failureOf(given: StartServerOptions): Promise<DotevalsError> {
  return await assertRejects(() => startServer(given), DotevalsError);
}

Deno.test("startServer() waits until the model is loaded, with the user's flags and its own port", async () => {
  await using vllm = await standIn((gate) => ({ loadGate: gate("load") }));
  const given = options(vllm.command, { flags: ["--max-model-len", "99", "--enforce-eager"] });
  const starting = startServer(given);
  let settled = false;
  starting.finally(() => settled = true);
  while (!given.logged.some((line) => line.includes("Loading safetensors"))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert(!settled);
  await open(vllm.gate("load"));
  const server = await starting;
  try {
    assertEquals(server.served, given.model);
    const models = await (await fetch(`${server.url}/v1/models`)).json();
    assertEquals(models.data[0].max_model_len, 99);
  } finally {
    await server.process.end(10_000);
  }
  assertEquals(await running(await processesOf(vllm)), []);
  assertStringIncludes(given.logged[0] ?? "", "info ");
  assert(given.logged.some((line) => line.startsWith("debug (APIServer pid=")));
});

Deno.test("startServer() takes the name that --served-model-name gives the model", async () => {
  await using vllm = await standIn();
  const server = await startServer(options(vllm.command, {
    flags: ["--served-model-name", "qwen", "small"],
  }));
  await server.process.end(10_000);
  assertEquals(server.served, "qwen");
});

Deno.test("startServer() shows the engine's error and the end of the log when loading fails", async () => {
  await using vllm = await standIn({ loadFailure: "no-model" });
  const error = await failureOf(options(vllm.command));
  assertEquals([error.code, error.exitCode], ["vllm-not-started", 3]);
  assertStringIncludes(error.message, "ended with exit code 1 before it was ready");
  assertStringIncludes(error.message, "is not a valid model identifier");
  assertStringIncludes(error.message, "RuntimeError: Engine core initialization failed.");
  assertStringIncludes(error.message, "--log-level debug.");
  const processes = await processesOf(vllm);
  assertEquals(processes.length, 2);
  assertEquals(await running(processes), []);
});

Deno.test("startServer() says what helps where the GPU's memory is not enough", async () => {
  await using vllm = await standIn({ loadFailure: "out-of-memory" });
  const error = await failureOf(options(vllm.command));
  assertStringIncludes(error.message, "torch.OutOfMemoryError: CUDA out of memory");
  assertStringIncludes(error.hint ?? "", "--gpu-memory-utilization");
  assertStringIncludes(error.hint ?? "", "--max-model-len");
});

Deno.test("startServer() passes on what vllm says of a flag that it does not know", async () => {
  await using vllm = await standIn();
  const error = await failureOf(options(vllm.command, { flags: ["--max-model-length=9"] }));
  assertStringIncludes(error.message, "ended with exit code 2");
  assertStringIncludes(error.message, "unrecognized arguments: --max-model-length");
  assertStringIncludes(error.hint ?? "", "option args");
});

Deno.test("startServer() says that vllm is not installed", async () => {
  const error = await failureOf(options("no-such-vllm"));
  assertStringIncludes(error.hint ?? "", "pip install vllm");
});

Deno.test("startServer() takes another port where its own was taken meanwhile", async () => {
  await using vllm = await standIn();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const ports = [taken.addr.port, free.addr.port];
  free.close();
  const given = options(vllm.command, { choosePort: () => ports.shift() ?? 0 });
  const server = await startServer(given);
  await server.process.end(10_000);
  assertEquals(new URL(server.url).port, String(free.addr.port));
  assert(
    given.logged.includes(
      `warn Port ${taken.addr.port} was taken meanwhile; another one is tried.`,
    ),
  );
});

Deno.test("startServer() does not take a server for its own that serves something else", async () => {
  await using vllm = await standIn((gate) => ({ loadGate: gate("never") }));
  await using other = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ object: "list", data: [{ id: "other", root: "other" }] }),
  );
  const given = options(vllm.command, { choosePort: () => other.addr.port });
  const error = await failureOf(given);
  assertEquals(given.logged.filter((line) => line.includes("was taken meanwhile")).length, 4);
  assertStringIncludes(error.message, "found another server");
  assertStringIncludes(error.message, "which serves other");
  assertEquals(await running(await processesOf(vllm)), []);
});

Deno.test("startServer() gives up a server that takes too long", async () => {
  await using vllm = await standIn((gate) => ({ loadGate: gate("never") }));
  const late = await failureOf(options(vllm.command, { startTimeoutMs: 300 }));
  assertStringIncludes(late.message, "was not ready within 0.3 s");
  assertStringIncludes(late.hint ?? "", "startTimeoutMs");
  assertEquals(await running(await processesOf(vllm)), []);
});

Deno.test("startServer() leaves nothing running when it is aborted", async () => {
  await using vllm = await standIn((gate) => ({ loadGate: gate("never"), stubborn: "both" }));
  const stop = new AbortController();
  const starting = startServer(options(vllm.command, { signal: stop.signal }));
  while ((await vllm.started()).length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const processes = await processesOf(vllm);
  assertEquals(await running(processes), processes);
  stop.abort(new RangeError("enough"));
  await assertRejects(() => starting, RangeError, "enough");
  assertEquals(await running(processes), []);
});
