import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Status } from "nice-grpc";
import { DotevalsError } from "../src/errors.ts";
import { ModelError } from "../src/providers/model_error.ts";
import type { ModelHandle } from "../src/providers/provider.ts";
import { type ModalServer, startModal } from "./modal/testing/modal_server.ts";
import type { ModalVllmConfig } from "./modal_vllm.ts";
import { modalVllmProvider } from "./modal_vllm/provider.ts";
import { CERTIFICATE } from "./modal_vllm/testing/certificate.ts";
import {
  type Sandboxes,
  sandboxes,
  type SandboxesOptions,
} from "./modal_vllm/testing/sandboxes.ts";

const provider = modalVllmProvider({ caCerts: [CERTIFICATE] });

interface Place extends AsyncDisposable {
  readonly server: ModalServer;
  readonly sandboxes: Sandboxes;
  readonly log: string[];
  setUp(config?: ModalVllmConfig, options?: SetUpOptions): Promise<ModelHandle>;
}

interface SetUpOptions {
  readonly spec?: string;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

async function place(options: SandboxesOptions = {}): Promise<Place> {
  const fleet = sandboxes(options);
  const server = await startModal({ handlers: () => fleet.handlers });
  const log: string[] = [];
  return {
    server,
    sandboxes: fleet,
    log,
    setUp(config = {}, { spec = "m", signal = new AbortController().signal, env = {} } = {}) {
      const variables: Readonly<Record<string, string>> = { ...server.variables, ...env };
      return provider.setup(spec, {
        config,
        env: (name) => variables[name],
        signal,
        log: (level, message) => log.push(`${level} ${message}`),
      });
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await fleet[Symbol.asyncDispose]();
    },
  };
}

/** Waits for what other processes do, and so cannot be awaited. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

Deno.test("modal-vllm: starts vLLM in a sandbox with a GPU, asks it through its tunnel, and ends it", async () => {
  await using here = await place();
  const handle = await here.setUp({
    gpu: "H100:2",
    args: "--max-model-len 4096",
    idleTimeoutMs: 60_000,
    lifetimeMs: 3_600_000,
    cacheVolume: "weights",
    maxTokens: 50,
  }, { spec: "Qwen/Qwen2.5-0.5B-Instruct", env: { HF_TOKEN: "hf-secret" } });
  const response = await handle.model.generate("Say: hello there");
  assertEquals([response.text, response.finishReason], ["hello there", "stop"]);
  assertEquals(response.usage?.outputTokens, 2);
  const [sandbox, ...others] = here.sandboxes.all;
  assert(sandbox && others.length === 0);
  const { definition, variables } = sandbox;
  assertEquals(definition.entrypointArgs, [
    ...["vllm", "serve", "Qwen/Qwen2.5-0.5B-Instruct", "--host", "0.0.0.0", "--port", "8000"],
    ...["--max-model-len", "4096"],
  ]);
  assertEquals([definition.timeoutSecs, definition.idleTimeoutSecs], [3600, 60]);
  const { gpuType, count } = definition.resources?.gpuConfig ?? {};
  assertEquals([gpuType, count], ["H100", 2]);
  const mounted = definition.volumeMounts?.[0]?.mountPath;
  assertEquals([mounted, variables.HF_HOME], ["/weights", "/weights"]);
  assertEquals(variables.HF_TOKEN, "hf-secret");
  assertEquals(here.sandboxes.images.map((commands) => commands.join("; ")), [
    "FROM vllm/vllm-openai:latest",
    "FROM base; ENTRYPOINT []",
  ]);
  await handle.teardown();
  assert(sandbox.wasTerminated);
  const calls = here.server.calls.length;
  await handle.teardown();
  assertEquals(here.server.calls.length, calls);
  await assertRejects(() => handle.model.generate("q"), ModelError, "torn down");
});

Deno.test("modal-vllm: balances over its sandboxes, and adds up their load", async () => {
  const gate = Promise.withResolvers<void>();
  await using here = await place({ behaviour: () => ({ gate: gate.promise }) });
  await using handle = await here.setUp({ sandboxes: 3, args: ["--max-num-seqs", 2] });
  const all = here.sandboxes.all;
  await until(() => here.server.calls.filter((name) => name === "SandboxGetTunnels").length === 3);
  await handle.load?.();
  const answers: Promise<unknown>[] = [];
  // One by one: as soon as a server is ready it takes its part.
  await until(() => {
    if (answers.length < 9) answers.push(handle.model.generate(`n: ${answers.length}`));
    return answers.length === 9 && all.every(({ server }) => server.requests > 0);
  });
  await until(() => all.reduce((sum, { server }) => sum + server.requests, 0) === 9);
  let load = await handle.load?.();
  while ((load?.running ?? 0) + (load?.waiting ?? 0) !== 9) load = await handle.load?.();
  assertEquals(load?.cacheUse, 0.25);
  gate.resolve();
  await Promise.all(answers);
});

Deno.test("modal-vllm: requests at one time are spread evenly", async () => {
  const gate = Promise.withResolvers<void>();
  await using here = await place({ behaviour: () => ({ gate: gate.promise }) });
  await using handle = await here.setUp({ sandboxes: 2 });
  const [first] = here.sandboxes.all;
  // What ends sandboxes that nobody else does, as after a SIGKILL.
  assertEquals(
    [first?.definition.timeoutSecs, first?.definition.idleTimeoutSecs],
    [14_400, 300],
  );
  const ready = () => here.log.filter((line) => line.includes("is ready")).length;
  await until(() => ready() === 2);
  const answers = Array.from({ length: 10 }, (_, n) => handle.model.generate(`n: ${n}`));
  await until(() => here.sandboxes.all.every(({ server }) => server.requests === 5));
  gate.resolve();
  assertEquals((await Promise.all(answers)).map(({ text }) => Number(text)), [...Array(10).keys()]);
});

Deno.test("modal-vllm: grows to its maximum while requests wait everywhere", async () => {
  const gate = Promise.withResolvers<void>();
  await using here = await place({ behaviour: () => ({ gate: gate.promise }) });
  await using handle = await here.setUp({ maxSandboxes: 2, args: ["--max-num-seqs", 1] });
  const first = Array.from({ length: 3 }, () => handle.model.generate("a: b"));
  await until(() => here.sandboxes.all[0]?.server.requests === 3);
  while (here.log.filter((line) => line.includes("is ready")).length < 2) await handle.load?.();
  const more = Array.from({ length: 2 }, () => handle.model.generate("a: b"));
  await until(() => here.sandboxes.all[1]?.server.requests === 2);
  // Both have requests waiting then, and there is no third.
  while ((await handle.load?.())?.waiting !== 3);
  assertEquals(here.sandboxes.all.length, 2);
  gate.resolve();
  await Promise.all([...first, ...more]);
});

Deno.test("modal-vllm: a sandbox that dies is replaced, and its calls can be tried again", async () => {
  const gates = [Promise.withResolvers<void>().promise, Promise.resolve()];
  await using here = await place({
    behaviour: (index) => ({ gate: gates[index] ?? gates[1] as Promise<void> }),
  });
  await using handle = await here.setUp();
  const lost = assertRejects(() => handle.model.generate("a: b"), ModelError, "exit code 9");
  await until(() => here.sandboxes.all[0]?.server.requests === 1);
  here.sandboxes.all[0]?.die(9);
  const error = await lost;
  assertEquals([error.code, error.retryable], ["provider-crash", true]);
  assertEquals((await handle.model.generate("a: b")).text, "b");
  assertEquals(here.sandboxes.all.length, 2);
  assert(!here.sandboxes.all[0]?.wasTerminated);
});

Deno.test("modal-vllm: a sandbox without requests is ended, and the next request starts one", async () => {
  await using here = await place();
  await using handle = await here.setUp({ idleTimeoutMs: 1000 });
  await until(() => here.sandboxes.all[0]?.wasTerminated ?? false);
  assertEquals((await handle.model.generate("a: b")).text, "b");
  assertEquals(here.sandboxes.all.length, 2);
});

Deno.test("modal-vllm: a model that does not load fails the setup with the end of the log, and leaves nothing", async () => {
  const fails = { log: "torch.OutOfMemoryError: CUDA out of memory. Tried more.\n", code: 1 };
  await using here = await place({ behaviour: () => ({ fails }) });
  const error = await assertRejects(() => here.setUp({ sandboxes: 2 }), DotevalsError);
  assertStringIncludes(error.message, "ended with exit code 1 before it was ready");
  assertStringIncludes(error.message, "CUDA out of memory. Tried more.");
  assertStringIncludes(error.hint ?? "", "--max-model-len");
  assert(here.sandboxes.all.length >= 1);
  assert(here.sandboxes.all.every(({ exitCode }) => exitCode !== undefined));
});

Deno.test("modal-vllm: wrong flags fail the setup with vLLM's complaint", async () => {
  await using here = await place();
  const error = await assertRejects(() => here.setUp({ args: "--no-such-flag" }), DotevalsError);
  assertStringIncludes(error.message, "unrecognized arguments: --no-such-flag");
});

Deno.test("modal-vllm: a model that loads for too long is given up, and its sandbox ended", async () => {
  const loaded = new Promise<void>(() => {});
  await using here = await place({ behaviour: () => ({ loaded }) });
  const error = await assertRejects(() => here.setUp({ startTimeoutMs: 300 }), DotevalsError);
  assertStringIncludes(error.message, "was not ready within 0.3 s");
  assertStringIncludes(error.hint ?? "", "startTimeoutMs");
  assert(here.sandboxes.all[0]?.wasTerminated);
});

Deno.test("modal-vllm: one that loads for too long beside others is ended at once", async () => {
  const never = new Promise<void>(() => {});
  await using here = await place({ behaviour: (index) => index === 1 ? { loaded: never } : {} });
  await using handle = await here.setUp({ sandboxes: 2, startTimeoutMs: 1000 });
  await until(() => here.sandboxes.all[1]?.wasTerminated ?? false);
  assertEquals((await handle.model.generate("a: b")).text, "b");
  assert(!here.sandboxes.all[0]?.wasTerminated);
});

for (
  const [name, behaviour] of [
    ["is being scheduled", { unscheduled: true }],
    ["loads", { loaded: new Promise<void>(() => {}) }],
  ] as const
) {
  Deno.test(`modal-vllm: a setup that is stopped while a sandbox ${name} ends it`, async () => {
    await using here = await place({ behaviour: () => behaviour });
    const stop = new AbortController();
    const stopped = assertRejects(
      () => here.setUp({ sandboxes: 2 }, { signal: stop.signal }),
      Error,
      "stop it",
    );
    await here.server.called(name === "loads" ? "SandboxGetTunnels" : "SandboxGetTaskId");
    stop.abort(new Error("stop it"));
    await stopped;
    assertEquals(here.sandboxes.all.map(({ wasTerminated }) => wasTerminated), [true, true]);
  });
}

Deno.test("modal-vllm: a setup that is stopped while Modal makes the sandbox ends it", async () => {
  const stop = new AbortController();
  await using here = await place({
    behaviour: () => {
      stop.abort(new Error("stop it"));
      return {};
    },
  });
  await assertRejects(() => here.setUp({}, { signal: stop.signal }), Error, "stop it");
  assertEquals(here.sandboxes.all.map(({ wasTerminated }) => wasTerminated), [true]);
});

Deno.test("modal-vllm: teardown during calls and a start gives both up, and ends all sandboxes", async () => {
  const never = new Promise<void>(() => {});
  await using here = await place({
    behaviour: (index) => index === 0 ? { gate: never } : { loaded: never },
  });
  const handle = await here.setUp({ sandboxes: 2 });
  const lost = assertRejects(() => handle.model.generate("a: b"), ModelError, "torn down");
  await until(() => here.sandboxes.all[0]?.server.requests === 1);
  await until(() => here.sandboxes.all.length === 2);
  await handle.teardown();
  assertEquals((await lost).retryable, true);
  assertEquals(here.sandboxes.all.map(({ wasTerminated }) => wasTerminated), [true, true]);
});

Deno.test("modal-vllm: a teardown that cannot end a sandbox says which", async () => {
  await using here = await place({ behaviour: (index) => ({ stubborn: index === 0 }) });
  const handle = await here.setUp();
  const error = await assertRejects(() => handle.teardown(), DotevalsError);
  const id = here.sandboxes.all[0]?.id ?? "";
  assertStringIncludes(error.message, id);
  assertStringIncludes(error.hint ?? "", "terminate()");
});

Deno.test("modal-vllm: a start that fails again and again is no longer tried", async () => {
  const fails = { log: "ValueError: broken\n", code: 1 };
  await using here = await place({ behaviour: (index) => index === 0 ? {} : { fails } });
  await using handle = await here.setUp();
  here.sandboxes.all[0]?.die(1);
  await until(() => here.log.some((line) => line.includes("exit code 1")));
  const retryable: boolean[] = [];
  while (retryable.at(-1) !== false) {
    const error = await assertRejects(() => handle.model.generate("a: b"), ModelError, "broken");
    assertEquals(error.code, "provider-crash");
    retryable.push(error.retryable);
  }
  assertEquals(retryable, [true, true, false]);
  await assertRejects(() => handle.model.generate("a: b"), ModelError, "broken");
  assertEquals(here.sandboxes.all.length, 4);
});

Deno.test("modal-vllm: a call that is given up is, the sandbox goes on", async () => {
  const gate = Promise.withResolvers<void>();
  await using here = await place({ behaviour: () => ({ gate: gate.promise }) });
  await using handle = await here.setUp();
  const stop = new AbortController();
  const lost = assertRejects(
    () => handle.model.generate("a: b", { signal: stop.signal }),
    Error,
    "enough",
  );
  await until(() => here.sandboxes.all[0]?.server.requests === 1);
  stop.abort(new Error("enough"));
  await lost;
  gate.resolve();
  assertEquals((await handle.model.generate("a: b")).text, "b");
});

Deno.test("modal-vllm: vLLM's refusals and Modal's have their types", async () => {
  await using here = await place();
  const refuse = (name: string, status: Status) =>
    here.server.refuse(name, { status, message: "no" });
  refuse("AppGetOrCreate", Status.PERMISSION_DENIED);
  const denied = await assertRejects(() => here.setUp(), ModelError);
  assertEquals(denied.code, "authentication");
  refuse("SandboxCreate", Status.RESOURCE_EXHAUSTED);
  const exhausted = await assertRejects(() => here.setUp(), ModelError);
  assertEquals(exhausted.code, "rate-limit");
  const gpu = await assertRejects(
    () => here.setUp({ gpu: "Z9" }),
    ModelError,
    "There is no GPU Z9",
  );
  assertEquals(gpu.code, "invalid-request");
  await using handle = await here.setUp({ args: "--max-model-len 8" });
  const long = await assertRejects(() => handle.model.generate("a ".repeat(20)), ModelError);
  assertEquals([long.code, long.retryable], ["context-length", false]);
});

Deno.test("modal-vllm: the options are checked", async () => {
  const validate = async (value: unknown) => {
    const checked = await provider.config?.["~standard"].validate(value);
    return checked?.issues?.map(({ message }) => message).join("; ") ?? "";
  };
  assertEquals(
    await validate({ gpu: "H100:8", sandboxes: 2, maxSandboxes: 4, args: ["--seed", 1] }),
    "",
  );
  assertStringIncludes(await validate({ gpu: "H100:9" }), "must be a GPU");
  assertStringIncludes(await validate({ args: "--api-key x" }), "may not hold");
  assertStringIncludes(await validate({ idleTimeoutMs: 1500 }), "whole seconds");
  assertStringIncludes(await validate({ lifetimeMs: 90_000_000 }), "a day at most");
  assertStringIncludes(await validate({ hfToken: "hf-1" }), "hfTokenVariable");
});
