import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Status } from "nice-grpc";
import { DotevalsError } from "../src/errors.ts";
import { ModelError } from "../src/providers/model_error.ts";
import type { ModelHandle } from "../src/providers/provider.ts";
import modal, { type ModalConfig } from "./modal.ts";
import { ContainerDied, type DeployedFunction } from "./modal/testing/functions.ts";
import { type ModalServer, startModal } from "./modal/testing/modal_server.ts";

interface SetUpParts {
  readonly spec?: string;
  readonly config?: ModalConfig;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly log?: (level: string, message: string) => void;
}

function setUp(server: ModalServer, parts: SetUpParts = {}): Promise<ModelHandle> {
  const { spec = "app/fn", config = {}, signal = new AbortController().signal } = parts;
  const variables: Readonly<Record<string, string>> = { ...server.variables, ...parts.env };
  return modal.setup(spec, {
    config,
    env: (name) => variables[name],
    signal,
    log: parts.log ?? (() => {}),
  });
}

/** A stand-in whose `app/fn` is `run`, and a model of it. */
async function withFunction(
  run: DeployedFunction["run"],
  use: (model: ModelHandle, server: ModalServer) => Promise<void>,
  parts: SetUpParts = {},
) {
  await using server = await startModal({ functions: { "app/fn": { run } } });
  await using handle = await setUp(server, parts);
  await use(handle, server);
}

Deno.test("modal: a deployed function gets the request as a chat completions dict", async () => {
  let given: unknown;
  const run: DeployedFunction["run"] = (args, kwargs) => {
    given = [args, kwargs];
    return "Paris";
  };
  const config: ModalConfig = { temperature: 0.5, maxTokens: 9, kwargs: { top_k: 20 } };
  await withFunction(run, async ({ model }) => {
    const response = await model.generate({
      system: "Be brief.",
      messages: [{ role: "user", content: "Capital of France?" }],
      temperature: 0,
      stop: ["\n"],
      seed: 7,
    });
    assertEquals(response, { text: "Paris", raw: "Paris" });
    assertEquals(given, [[{
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Capital of France?" },
      ],
      temperature: 0,
      seed: 7,
      max_tokens: 9,
      stop: ["\n"],
    }], { top_k: 20 }]);
  }, { config });
});

Deno.test("modal: the option input passes keyword arguments, or the last message's text", async () => {
  const run: DeployedFunction["run"] = (args, kwargs) => JSON.stringify([args, kwargs]);
  await withFunction(run, async ({ model }) => {
    const { text } = await model.generate("Hi");
    assertEquals(JSON.parse(text), [["Hi"], { model: "m" }]);
  }, { config: { input: "prompt", kwargs: { model: "m" } } });
  await withFunction(run, async ({ model }) => {
    const { text } = await model.generate("Hi");
    assertEquals(JSON.parse(text), [[], { messages: [{ role: "user", content: "Hi" }] }]);
  }, { config: { input: "kwargs" } });
});

Deno.test("modal: a function may return a text, a dict with a text, or a chat completion", async () => {
  const answers: unknown[] = [
    {
      text: '{"a":1}',
      finish_reason: "tool_calls",
      usage: { input_tokens: 3, output_tokens: 2, cached_tokens: 1 },
      tool_calls: [{ id: "c", function: { name: "look", arguments: '{"b":2}' } }],
    },
    {
      choices: [{ message: { content: "whole" }, finish_reason: "length" }],
      usage: { prompt_tokens: 5, completion_tokens: 6 },
    },
    [1, 2],
  ];
  await withFunction(() => answers.shift(), async ({ model }) => {
    const { raw: _raw, ...first } = await model.generate({
      messages: [{ role: "user", content: "q" }],
      schema: { type: "object" },
    });
    assertEquals(first, {
      text: '{"a":1}',
      parsed: { a: 1 },
      toolCalls: [{ id: "c", name: "look", arguments: { b: 2 } }],
      finishReason: "tool-calls",
      usage: { inputTokens: 3, outputTokens: 2, cachedTokens: 1 },
    });
    const second = await model.generate("q");
    assertEquals([second.text, second.finishReason], ["whole", "length"]);
    assertEquals(second.usage, { inputTokens: 5, outputTokens: 6 });
    const error = await assertRejects(() => model.generate("q"), ModelError, "it returned [1,2]");
    assertEquals([error.code, error.retryable], ["invalid-request", false]);
  });
});

Deno.test("modal: arguments and answers too large for a message go through blobs", async () => {
  const run: DeployedFunction["run"] = ([text]) => String(text).repeat(200);
  await withFunction(run, async ({ model }, server) => {
    const prompt = "0123456789".repeat(2000);
    const { text } = await model.generate(prompt);
    assertEquals(text, prompt.repeat(200));
    assertEquals(server.calls.filter((name) => name.startsWith("Blob")), ["BlobCreate", "BlobGet"]);
  }, { config: { input: "prompt" } });
});

Deno.test("modal: a class is made with its parameters, and its method called", async () => {
  const method: DeployedFunction = {
    run: (_args, _kwargs, { parameters }) => `answer of ${parameters.size}`,
    parameters: ["size"],
  };
  await using server = await startModal({ functions: { "app/Model.generate": method } });
  const spec = "app/Model.generate";
  await using handle = await setUp(server, { spec, config: { parameters: { size: "large" } } });
  assertEquals((await handle.model.generate("q")).text, "answer of large");
  const none = () =>
    setUp(server, { spec: "app/Model.other", config: { parameters: { size: "s" } } });
  await assertRejects(none, Error, "other");
  await assertRejects(() => setUp(server, { spec }), Error, "'size' must be a string");
});

Deno.test("modal: calls run at the same time, and load() says what waits", async () => {
  const all = Promise.withResolvers<void>();
  let inside = 0;
  const run = async () => {
    if (++inside === 20) all.resolve();
    await all.promise;
    return "done";
  };
  await withFunction(run, async ({ model, load }) => {
    const answers = Array.from({ length: 20 }, () => model.generate("q"));
    await all.promise;
    assertEquals((await load?.())?.waiting, 3);
    assertEquals((await Promise.all(answers)).map(({ text }) => text), Array(20).fill("done"));
  });
});

Deno.test("modal: a call that is given up is cancelled at Modal, others go on", async () => {
  const cancelled = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<void>();
  const run: DeployedFunction["run"] = ([text], _kwargs, { signal }) => {
    if (text === "b") return goOn.promise;
    begun.resolve();
    signal.addEventListener("abort", () => cancelled.resolve());
    return new Promise(() => {});
  };
  await withFunction(run, async ({ model }, server) => {
    const stop = new AbortController();
    const given = model.generate("a", { signal: stop.signal });
    const other = model.generate("b");
    await begun.promise;
    stop.abort(new Error("no longer wanted"));
    await assertRejects(() => given, Error, "no longer wanted");
    await cancelled.promise;
    goOn.resolve("still here");
    assertEquals((await other).text, "still here");
    assertEquals(server.calls.filter((name) => name === "FunctionCallCancel").length, 1);
    await assertRejects(() => model.generate("c", { signal: stop.signal }), Error, "no longer");
  }, { config: { input: "prompt" } });
});

Deno.test("modal: teardown gives up calls under way, cancels them, and a second one does nothing", async () => {
  const begun = Promise.withResolvers<void>();
  let wasCancelled = false;
  const run: DeployedFunction["run"] = (_args, _kwargs, { signal }) => {
    signal.addEventListener("abort", () => wasCancelled = true);
    begun.resolve();
    return new Promise(() => {});
  };
  await withFunction(run, async (handle, server) => {
    const answer = assertRejects(() => handle.model.generate("q"), ModelError, "torn down");
    await begun.promise;
    await handle.teardown();
    assertEquals((await answer).retryable, true);
    assert(wasCancelled);
    const calls = server.calls.length;
    await handle.teardown();
    await assertRejects(() => handle.model.generate("q"), ModelError, "torn down");
    assertEquals(server.calls.length, calls);
  });
});

Deno.test("modal: exceptions of the function say whether a retry can help", async () => {
  const thrown: Error[] = [
    new Error("ValueError('no such field')"),
    new Error("ValueError('the context length is 4096')"),
    new Error("RateLimitError('slow down')"),
    new Error("RuntimeError('CUDA out of memory')"),
    new ContainerDied("gone"),
  ];
  const run = () => {
    throw thrown.shift();
  };
  await withFunction(run, async ({ model }) => {
    const codes: unknown[] = [];
    while (thrown.length > 0) {
      const error = await assertRejects(() => model.generate("q"), ModelError);
      codes.push([error.code, error.retryable]);
    }
    assertEquals(codes, [
      ["invalid-request", false],
      ["context-length", false],
      ["rate-limit", true],
      ["transient", true],
      ["provider-crash", true],
    ]);
  });
});

Deno.test("modal: a call is sent once, and each refusal has its type", async () => {
  await withFunction(() => "yes", async ({ model }, server) => {
    const refusals = [
      [{ status: Status.UNAVAILABLE, message: "away" }, "transient", undefined],
      [{ status: Status.INTERNAL, message: "bug" }, "transient", undefined],
      [
        { status: Status.RESOURCE_EXHAUSTED, message: "slow", retryAfterSecs: 1.5 },
        "rate-limit",
        1500,
      ],
      [{ status: Status.RESOURCE_EXHAUSTED, message: "slow" }, "rate-limit", undefined],
      [{ status: Status.PERMISSION_DENIED, message: "no" }, "authentication", undefined],
      [{ status: Status.FAILED_PRECONDITION, message: "stopped" }, "invalid-request", undefined],
    ] as const;
    for (const [refusal, code, retryAfterMs] of refusals) {
      const before = server.calls.length;
      server.refuse("FunctionMap", refusal);
      const error = await assertRejects(() => model.generate("q"), ModelError, refusal.message);
      assertEquals([error.code, error.retryAfterMs], [code, retryAfterMs]);
      assertEquals(server.calls.slice(before), ["FunctionMap"]);
    }
    assertEquals((await model.generate("q")).text, "yes");
  });
});

Deno.test("modal: an output that was lost on the way is asked for again, the function is not", async () => {
  let runs = 0;
  await withFunction(() => `run ${++runs}`, async ({ model }, server) => {
    server.refuse("FunctionGetOutputs", { status: Status.UNAVAILABLE, message: "away" });
    assertEquals((await model.generate("q")).text, "run 1");
  });
});

Deno.test("modal: setup says what is missing", async () => {
  const old: DeployedFunction = { run: () => "x", onlyPickle: true };
  await using server = await startModal({ functions: { "app/old": old } });
  await assertRejects(() => setUp(server), Error, "'app/fn' not found");
  await assertRejects(() => setUp(server, { spec: "app/C.m" }), Error, "'app/C' not found");
  for (const spec of ["app", "app/", "app/a.b.c", "/fn", "app/a b"]) {
    await assertRejects(() => setUp(server, { spec }), DotevalsError, "names no function");
  }
  const config = { parameters: { size: "s" } };
  await assertRejects(
    () => setUp(server, { config }),
    DotevalsError,
    "only a class has parameters",
  );
  await using handle = await setUp(server, { spec: "app/old" });
  const error = await assertRejects(() => handle.model.generate("q"), ModelError, "Redeploy");
  assertEquals(error.retryable, false);
});

Deno.test("modal: setup ends when it is stopped, whatever the server does", async () => {
  const stop = new AbortController();
  await using server = await startModal({
    handlers: () => ({
      functionGet: () => {
        stop.abort(new Error("stopped"));
        return new Promise(() => {});
      },
    }),
  });
  await assertRejects(() => setUp(server, { signal: stop.signal }), Error, "stopped");
});

Deno.test("modal: a wrong token is refused, and never shown", async () => {
  await using server = await startModal({ functions: { "app/fn": { run: () => "x" } } });
  const secret = "wrong-secret";
  const error = await assertRejects(
    () => setUp(server, { env: { MODAL_TOKEN_SECRET: secret } }),
    ModelError,
    "is not valid",
  );
  assertEquals([error.code, error.message.includes(secret)], ["authentication", false]);
});

Deno.test("modal: half a token, or a named variable that is not set, is an error that names it", async () => {
  await using server = await startModal();
  const half = await assertRejects(
    () => setUp(server, { env: { MODAL_TOKEN_SECRET: "" } }),
    DotevalsError,
    "MODAL_TOKEN_SECRET",
  );
  assertEquals([half.code, half.exitCode], ["no-key", 3]);
  assertStringIncludes(half.hint ?? "", "modal token new");
  await assertRejects(
    () => setUp(server, { config: { tokenIdVariable: "OTHER_ID" } }),
    DotevalsError,
    "OTHER_ID",
  );
  assertEquals(server.calls, []);
});

Deno.test("modal: the options are checked", async () => {
  const validate = async (value: unknown) => {
    const checked = await modal.config?.["~standard"].validate(value);
    return checked?.issues?.map(({ message }) => message).join("; ") ?? "";
  };
  assertEquals(await validate({ input: "chat", parameters: { a: 1 }, environment: "main" }), "");
  assertStringIncludes(await validate({ input: "other" }), '"chat"');
  assertStringIncludes(await validate({ tokenSecret: "as-1" }), "tokenIdVariable");
  assertStringIncludes(await validate({ nothing: 1 }), "there are: environment");
});
