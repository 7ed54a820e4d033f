import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { wait } from "../clock.ts";
import type {
  CallOptions,
  Message,
  Model,
  ModelRequest,
  ModelResponse,
  Usage,
} from "../providers/model.ts";
import { InvalidRequestError, RateLimitError, TransientError } from "../providers/model_error.ts";
import { AwakeTimer } from "../schedule/awake_timer.ts";
import type { EndedCall } from "../schedule/strategy.ts";
import { bareCall } from "../storage/testing/bare_call.ts";
import { EncodingError } from "../values/tagged.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import type { CallContext, CallRetry, NamedModel } from "./call_context.ts";
import { CallNotes } from "./call_notes.ts";
import { Endpoints } from "./endpoints.ts";
import { modelForItem } from "./model_calls.ts";
import { Prices } from "./prices.ts";

type Answer = (request: string | ModelRequest, options?: CallOptions) => Promise<ModelResponse>;

interface SetUp extends Partial<CallContext>, Pick<Partial<NamedModel>, "pricedAs"> {}

function setUp(generate: Answer, more: Partial<Model> = {}, options: SetUp = {}) {
  const { pricedAs, ...context } = options;
  const clock = new FakeClock();
  const stop = new AbortController();
  const notes = new CallNotes();
  const ended: EndedCall[] = [];
  const retries: CallRetry[] = [];
  const named = { model: { generate, ...more }, name: "small", pricedAs };
  const model = modelForItem(named, notes, {
    clock,
    random: () => 1,
    retry: {},
    prices: new Prices({ onMissing() {}, load: () => Promise.resolve(byTheToken) }),
    signal: stop.signal,
    timer: new AwakeTimer(clock),
    limits: endpoints(clock).under({
      maxConcurrency: 100,
      scope: "session",
      limit: () => ({ current: 100, ended: (call) => ended.push(call) }),
    }),
    turns: { began() {}, ended() {}, waits() {}, goesOn() {} },
    onRetry: (retry) => retries.push(retry),
    ...context,
  });
  const recorded = () => notes.recorded(notes.last());
  return { clock, stop, notes, ended, retries, model, recorded };
}

function endpoints(clock: FakeClock): Endpoints {
  return new Endpoints({ clock, random: () => 1, onDown() {}, onUp() {} });
}

function byTheToken({ inputTokens, outputTokens }: Usage): number | undefined {
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return inputTokens / 1000 + outputTokens / 100;
}

Deno.test("a call that may succeed later is made again, and the item notes how often", async () => {
  const errors: (Error | undefined)[] = [
    new TransientError("down"),
    new RateLimitError("slow", { retryAfterMs: 5_000 }),
    undefined,
  ];
  const { clock, notes, ended, retries, model, recorded } = setUp(() => {
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve({ text: "4" });
  });
  const start = clock.now();
  const call = model.generate("2 + 2?");
  await clock.pass(60_000);
  assertEquals((await call).text, "4");
  assertEquals(notes.attempts, 3);
  assertEquals(notes.last(), { prompt: '"2 + 2?"', response: '"4"' });
  assertEquals(ended.map(({ outcome, endedAt }) => [outcome, endedAt - start]), [
    ["failed", 0],
    ["refused", 1_000],
    ["answered", 6_000],
  ]);
  assertEquals(retries.map(({ error, ...told }) => ({ ...told, error: String(error) })), [
    { model: "small", attempt: 1, delayMs: 1_000, error: "TransientError: down" },
    { model: "small", attempt: 2, delayMs: 5_000, error: "RateLimitError: slow" },
  ]);
  assertEquals(recorded().map(({ attempts, latencyMs }) => [attempts, latencyMs]), [[3, 0]]);
});

Deno.test("a call that cannot succeed is made once, and its own error is thrown", async () => {
  const error = new InvalidRequestError("no such model");
  const { notes, model, recorded } = setUp(() => Promise.reject(error));
  assertStrictEquals(await assertRejects(() => model.generate("?")), error);
  assertEquals(notes.attempts, 1);
  assertEquals(notes.last(), { prompt: '"?"', response: undefined });
  assertEquals(recorded().map((call) => call.error), ["InvalidRequestError: no such model"]);
});

Deno.test("a call ends with its item, and with a signal of its own", async () => {
  const signals: AbortSignal[] = [];
  const { stop, model } = setUp((_request, options) => {
    if (options?.signal) signals.push(options.signal);
    return Promise.resolve({ text: "" });
  });
  const own = new AbortController();
  await model.generate("item's");
  await model.generate("own", { signal: own.signal });
  own.abort();
  assertEquals(signals.map(({ aborted }) => aborted), [false, true]);
  stop.abort();
  assertEquals(signals.map(({ aborted }) => aborted), [true, true]);
});

Deno.test("the model of an item can do what its model can do, and no more", async () => {
  const answer: Answer = () => Promise.resolve({ text: "" });
  const bare = setUp(answer).model;
  assertEquals([bare.embed, bare.generateBatch], [undefined, undefined]);
  const able = setUp(answer, {
    embed: (texts) => Promise.resolve(texts.map(({ length }) => [length])),
  }).model;
  assertEquals(await able.embed?.(["ab", "c"]), [[2], [1]]);
});

/** What calls that answered are recorded as, where nothing else is known of them. */
const PLAIN = bareCall({
  startedAt: new FakeClock().now(),
  latencyMs: 0,
});

Deno.test("all that a response says of its call is recorded, and the response given on as it is", async () => {
  const response: ModelResponse = {
    text: "4",
    finishReason: "stop",
    usage: { inputTokens: 10, outputTokens: 2, cachedTokens: 4, reasoningTokens: 1 },
    timeToFirstTokenMs: 20.123_456,
    latencyMs: 31.5,
    raw: { id: "x" },
  };
  const { model, recorded } = setUp(() => Promise.resolve(response), {}, {
    pricedAs: { provider: "p", model: "m" },
  });
  assertStrictEquals(await model.generate("2 + 2?"), response);
  assertEquals(recorded(), [{
    ...PLAIN,
    latencyMs: 31.5,
    timeToFirstTokenMs: 20.123,
    inputTokens: 10,
    outputTokens: 2,
    cachedTokens: 4,
    reasoningTokens: 1,
    cost: 0.03,
    finishReason: "stop",
  }]);
});

Deno.test("without a latency of its own a call is timed by the last attempt, waits left out", async () => {
  const { clock, model, recorded } = setUp(async (_request, { signal } = {}) => {
    await wait(clock, 250.5, signal ?? AbortSignal.timeout(0));
    if (++attempts < 3) throw new TransientError("down");
    return { text: "4" };
  });
  let attempts = 0;
  const call = model.generate("2 + 2?");
  await clock.pass(60_000);
  await call;
  const tries = [0, 1_250.5, 3_501].map((sentMs, at) => ({
    sentMs,
    latencyMs: 250.5,
    error: at < 2 ? "TransientError: down" : undefined,
  }));
  assertEquals(recorded(), [{ ...PLAIN, attempts: 3, latencyMs: 250.5, tries }]);
});

Deno.test("each call keeps its own request and response; the item's own are stored once", async () => {
  const answers = ["first", "second", "second"];
  const { model, recorded } = setUp(() => Promise.resolve({ text: answers.shift() ?? "" }));
  const messages: Message[] = [{ role: "user", content: "a" }];
  await model.generate({ messages });
  messages.push({ role: "assistant", content: "first" });
  await model.generate({ messages });
  await model.generate({ messages });
  assertEquals(recorded().map(({ request, response }) => [request, response]), [
    ['{"messages":[{"role":"user","content":"a"}]}', '"first"'],
    [undefined, undefined],
    [undefined, undefined],
  ]);
});

Deno.test("embed and generateBatch are recorded too: no vectors, all tokens of a batch", async () => {
  const usage = { inputTokens: 3, outputTokens: 1 };
  const { model, recorded } = setUp(() => Promise.resolve({ text: "" }), {
    embed: (texts) => Promise.resolve(texts.map(() => [0.5])),
    generateBatch: (requests) =>
      Promise.resolve(requests.map((request) => ({ text: `${request}!`, usage }))),
  }, { pricedAs: { provider: "p", model: "m" } });
  await model.embed?.(["a", "b"]);
  await model.generateBatch?.(["a", "b"]);
  assertEquals(recorded(), [
    { ...PLAIN, kind: "embed", request: '["a","b"]' },
    {
      ...PLAIN,
      kind: "batch",
      inputTokens: 6,
      outputTokens: 2,
      cost: 0.026,
      request: '["a","b"]',
      response: '["a!","b!"]',
    },
  ]);
});

Deno.test("what a provider gives for counts and times is recorded only where it is one", async () => {
  const odd = {
    text: "",
    usage: { inputTokens: NaN, outputTokens: "7", cachedTokens: -1, reasoningTokens: 1.5 },
    latencyMs: Infinity,
    timeToFirstTokenMs: "soon",
    finishReason: 5,
  };
  const { model, recorded } = setUp(() => Promise.resolve(odd as unknown as ModelResponse), {}, {
    pricedAs: { provider: "p", model: "m" },
  });
  await model.generate("?");
  assertEquals(recorded(), [PLAIN]);
});

Deno.test("a call that is still under way when its item ends is recorded as such", async () => {
  const late = Promise.withResolvers<ModelResponse>();
  const { model, recorded } = setUp(() => late.promise);
  const call = model.generate("?");
  const [before] = recorded();
  assertEquals(before, {
    ...PLAIN,
    latencyMs: undefined,
    error: "Error: the item ended before this call did",
  });
  late.resolve({ text: "late" });
  await call;
});

Deno.test("a request without a stored form is the item's error, and no error of the call", async () => {
  const { model, notes } = setUp(() => Promise.resolve({ text: "4" }));
  const request = { messages: [], tools: [() => {}] } as unknown as ModelRequest;
  assertEquals((await model.generate(request)).text, "4");
  assertThrows(() => notes.last(), EncodingError, "prompt");
});
