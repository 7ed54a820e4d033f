import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import type { CallOptions, Model, ModelRequest, ModelResponse } from "../providers/model.ts";
import { InvalidRequestError, RateLimitError, TransientError } from "../providers/model_error.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { type CallContext, type CallNotes, modelForItem } from "./model_calls.ts";

type Answer = (request: string | ModelRequest, options?: CallOptions) => Promise<ModelResponse>;

function setUp(generate: Answer, more: Partial<Model> = {}, options: Partial<CallContext> = {}) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const notes: CallNotes = { attempts: 1 };
  const refused: number[] = [];
  const model = modelForItem({ generate, ...more }, notes, {
    clock,
    random: () => 1,
    retry: {},
    signal: stop.signal,
    onRefused: () => refused.push(clock.now()),
    ...options,
  });
  return { clock, stop, notes, refused, model };
}

Deno.test("a call that may succeed later is made again, and the item notes how often", async () => {
  const errors: (Error | undefined)[] = [
    new TransientError("down"),
    new RateLimitError("slow", { retryAfterMs: 5_000 }),
    undefined,
  ];
  const { clock, notes, refused, model } = setUp(() => {
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve({ text: "4" });
  });
  const start = clock.now();
  const call = model.generate("2 + 2?");
  await clock.pass(60_000);
  assertEquals((await call).text, "4");
  assertEquals([notes.attempts, notes.last?.request, notes.last?.response?.text], [
    3,
    "2 + 2?",
    "4",
  ]);
  assertEquals(refused.map((time) => time - start), [1_000]);
});

Deno.test("a call that cannot succeed is made once, and its own error is thrown", async () => {
  const error = new InvalidRequestError("no such model");
  const { notes, model } = setUp(() => Promise.reject(error));
  assertStrictEquals(await assertRejects(() => model.generate("?")), error);
  assertEquals([notes.attempts, notes.last?.request, notes.last?.response], [1, "?", undefined]);
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
