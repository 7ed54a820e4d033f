import { assert, assertEquals, assertRejects } from "@std/assert";
import { isOverload } from "../src/providers/call_failure.ts";
import { ModelError } from "../src/providers/model_error.ts";
import type { Container } from "./sagemaker/testing/containers.ts";
import { StreamFailure } from "./sagemaker/testing/invocations.ts";
import type { Refusal } from "./sagemaker/testing/refusal.ts";
import { setUp } from "./sagemaker/testing/set_up.ts";
import { KEY, KEY_ENV, startAws } from "./sagemaker/testing/stand_in.ts";

async function failureOf(call: Promise<unknown>): Promise<ModelError> {
  return await assertRejects(() => call, ModelError);
}

const refusals: readonly [Refusal, code: string, retryAfterMs?: number][] = [
  [{ status: 400, type: "ThrottlingException", message: "Rate exceeded" }, "rate-limit"],
  [
    { status: 429, type: "TooManyRequests", message: "Slow", headers: { "retry-after": "2" } },
    "rate-limit",
    2000,
  ],
  [{ status: 429, type: "ModelNotReadyException", message: "Loading" }, "transient"],
  [{ status: 424, type: "ModelError", message: "The container died." }, "transient"],
  [{ status: 503, type: "ServiceUnavailable", message: "Busy" }, "transient"],
  [{ status: 500, type: "InternalFailure", message: "Oops" }, "transient"],
  [{ status: 530, type: "InternalDependencyException", message: "Oops" }, "transient"],
  [{ status: 403, type: "AccessDeniedException", message: "Not you" }, "authentication"],
  [{ status: 403, type: "ExpiredTokenException", message: "Old" }, "authentication"],
  [{ status: 400, type: "ValidationError", message: "Body too large" }, "invalid-request"],
];

for (const stream of [true, false]) {
  Deno.test(`sagemaker: names AWS's exceptions by what a retry can do, stream: ${stream}`, async () => {
    for (const [refusal, code, retryAfterMs] of refusals) {
      await using aws = startAws({ on: () => refusal });
      await using handle = await setUp({ endpointUrl: aws.url, stream });
      const error = await failureOf(handle.model.generate("x"));
      assertEquals([error.code, error.message, error.retryAfterMs], [
        code,
        refusal.message,
        retryAfterMs,
      ], refusal.type);
      assertEquals(aws.operations.length, 1, "the SDK must not try again");
    }
  });
}

Deno.test("sagemaker: names what a container answers by its own status", async () => {
  const answers: readonly [status: number, message: string, code: string][] = [
    [400, "This model's maximum context length is 4096 tokens.", "context-length"],
    [
      422,
      "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096",
      "context-length",
    ],
    [400, "top_k must be positive", "invalid-request"],
    [429, "Model is overloaded", "rate-limit"],
    [500, "CUDA out of memory", "transient"],
    [503, "Loading", "transient"],
  ];
  for (const [status, message, code] of answers) {
    const container = () => ({ status, body: { error: { message } } });
    await using aws = startAws({ containers: { "my-endpoint": container } });
    await using handle = await setUp({ endpointUrl: aws.url });
    const error = await failureOf(handle.model.generate("x"));
    assertEquals([error.code, error.status, error.message.includes(message)], [code, status, true]);
  }
});

Deno.test("sagemaker: an error in the middle of a stream fails the call", async () => {
  const failing = (type: ConstructorParameters<typeof StreamFailure>[0]): Container => () => ({
    stream: (async function* () {
      yield 'data: {"choices":[{"index":0,"delta":{"content":"4"}}]}\n\n';
      await Promise.resolve();
      throw new StreamFailure(type, "broke off");
    })(),
  });
  const cases: readonly [Container, string, code: string][] = [
    [failing("ModelStreamError"), "broke off", "transient"],
    [failing("InternalStreamFailure"), "broke off", "transient"],
    [
      () => ({ stream: ['data: {"error":{"message":"bad","code":400}}\n\n'] }),
      "bad",
      "invalid-request",
    ],
    [() => ({ stream: ["<html>"] }), "no event: <html>", "transient"],
    [() => ({ stream: [] }), "is no chat completion", "transient"],
  ];
  for (const [container, message, code] of cases) {
    await using aws = startAws({ containers: { "my-endpoint": container } });
    await using handle = await setUp({ endpointUrl: aws.url });
    const error = await failureOf(handle.model.generate("x"));
    assertEquals([error.code, error.message.includes(message)], [code, true], error.message);
  }
});

Deno.test("sagemaker: a wrong key, an expired one and no server are told apart", async () => {
  const expired = { ...KEY, accessKeyId: "ASIAOLD", sessionToken: "t", expired: true };
  const aws = startAws({ keys: [expired] });
  const keys = [
    { ...KEY_ENV, AWS_SECRET_ACCESS_KEY: "another" },
    { ...KEY_ENV, AWS_ACCESS_KEY_ID: "AKIAOTHER" },
    { ...KEY_ENV, AWS_ACCESS_KEY_ID: "ASIAOLD", AWS_SESSION_TOKEN: "t" },
  ];
  for (const env of keys) {
    await using handle = await setUp({ endpointUrl: aws.url }, { env });
    assertEquals((await failureOf(handle.model.generate("x"))).code, "authentication");
  }
  await aws[Symbol.asyncDispose]();
  await using handle = await setUp({ endpointUrl: aws.url });
  const error = await failureOf(handle.model.generate("x"));
  assertEquals([error.code, /refused/.test(error.message)], ["transient", true], error.message);
});

/** A container that has begun to stream and does not go on, and what happens to its request. */
function endless(): { container: Container; begun: Promise<void> } {
  const begun = Promise.withResolvers<void>();
  return {
    begun: begun.promise,
    container: () => ({
      stream: (async function* () {
        yield 'data: {"choices":[{"index":0,"delta":{"content":"4"}}]}\n\n';
        begun.resolve();
        await new Promise<never>(() => {});
      })(),
    }),
  };
}

Deno.test("sagemaker: an aborted call closes its connection, in the middle of a stream too", async () => {
  const { container, begun } = endless();
  const closed = Promise.withResolvers<void>();
  await using aws = startAws({
    containers: { "my-endpoint": container },
    on: (_, request) => void request.signal.addEventListener("abort", () => closed.resolve()),
  });
  await using handle = await setUp({ endpointUrl: aws.url });
  const controller = new AbortController();
  const call = handle.model.generate("x", { signal: controller.signal });
  await begun;
  controller.abort(new Error("not wanted"));
  await assertRejects(() => call, Error, "not wanted");
  await closed.promise;
});

Deno.test("sagemaker: an aborted call closes its connection before there is an answer", async () => {
  const arrived = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  await using aws = startAws({
    on: async (_, request) => {
      request.signal.addEventListener("abort", () => closed.resolve());
      arrived.resolve();
      await closed.promise;
      return undefined;
    },
  });
  await using handle = await setUp({ endpointUrl: aws.url });
  const controller = new AbortController();
  const call = handle.model.generate("x", { signal: controller.signal });
  await arrived.promise;
  controller.abort(new Error("not wanted"));
  await assertRejects(() => call, Error, "not wanted");
  await closed.promise;
  const { length } = aws.operations;
  await assertRejects(() => handle.model.generate("x", { signal: controller.signal }));
  assertEquals(aws.operations.length, length);
});

Deno.test("sagemaker: a call that takes too long, or is torn down, is transient", async () => {
  const { container } = endless();
  await using aws = startAws({ containers: { "my-endpoint": container } });
  await using slow = await setUp({ endpointUrl: aws.url, timeoutMs: 50 });
  const timeout = await failureOf(slow.model.generate("x"));
  assertEquals([timeout.code, timeout.message], [
    "transient",
    "No whole answer came within 0.05 s.",
  ]);
  assert(isOverload(timeout), "the limit falls");

  const other = endless();
  await using again = startAws({ containers: { "my-endpoint": other.container } });
  const handle = await setUp({ endpointUrl: again.url });
  const call = failureOf(handle.model.generate("x"));
  await other.begun;
  await handle.teardown();
  await handle.teardown();
  const ended = await call;
  assertEquals(ended.code, "transient");
  assert(ended.message.includes("torn down"));
});

Deno.test("sagemaker: what the SDK would read by itself changes nothing", async () => {
  await using aws = startAws({
    on: () => ({ status: 503, type: "ServiceUnavailable", message: "Busy" }),
  });
  const hostile = {
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: "http://127.0.0.1:1",
    AWS_MAX_ATTEMPTS: "5",
    AWS_PROFILE: "nobody",
    AWS_REGION: "us-east-1",
    AWS_SECRET_ACCESS_KEY: "another",
  };
  const before = Object.keys(hostile).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(hostile)) Deno.env.set(name, value);
  try {
    await using handle = await setUp({ endpointUrl: aws.url });
    assertEquals((await failureOf(handle.model.generate("x"))).message, "Busy");
    assertEquals(aws.operations.length, 1);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
});
