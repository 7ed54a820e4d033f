import { assertEquals, assertRejects } from "@std/assert";
import type { Model } from "../src/providers/model.ts";
import { InvalidRequestError } from "../src/providers/model_error.ts";
import type { ModelHandle } from "../src/providers/provider.ts";
import example from "./example.ts";

async function setUp(name: string): Promise<ModelHandle> {
  return await example.setup(name, {
    config: {},
    env: () => undefined,
    signal: new AbortController().signal,
    log() {},
  });
}

async function ask(model: Model, text: string): Promise<string> {
  return (await model.generate(text)).text;
}

Deno.test("example:arithmetic computes what it is asked, and steps only when told to", async () => {
  await using handle = await setUp("arithmetic");
  assertEquals(await ask(handle.model, "What is 2 + 2?"), "4");
  assertEquals(await ask(handle.model, "What is 2 * (13 - 4)?"), "18");
  const problem =
    "Problem: Lena has 5 bags with 6 nuts in each bag. She eats 7 nuts. How many are left?";
  assertEquals(await ask(handle.model, `Answer with the number only.\n${problem}`), "30");
  assertEquals(
    await ask(handle.model, `Work step by step.\n${problem}`),
    "5 * 6 = 30\n30 - 7 = 23\nAnswer: 23",
  );
  assertEquals(await ask(handle.model, "Good morning!"), "I cannot tell.");
});

Deno.test("example:sentiment judges the review, not the instruction", async () => {
  await using handle = await setUp("sentiment");
  const { model } = handle;
  assertEquals(
    await ask(model, "Is this bad, awful, terrible?\nReview: A wonderful film."),
    "positive",
  );
  const { text } = await model.generate({
    system: "Find out whether customers are happy, glad or delighted.",
    messages: [{ role: "user", content: "Review: The worst film." }],
  });
  assertEquals(text, "negative");
  assertEquals(await ask(model, "Review: It is a table."), "neutral");
});

Deno.test("example:extract answers with JSON, parsed where a schema was given", async () => {
  await using handle = await setUp("extract");
  const content = "Text: Ada Lovelace paid $1,200.5 on March 3rd, 2024 and 40 euros on 5 May 2024.";
  const found = {
    people: ["Ada Lovelace"],
    dates: ["2024-03-03", "2024-05-05"],
    amounts: ["1200.50 USD", "40.00 EUR"],
  };
  const messages = [{ role: "user", content }] as const;
  const plain = await handle.model.generate({ messages });
  assertEquals([JSON.parse(plain.text), plain.parsed], [found, undefined]);
  assertEquals((await handle.model.generate({ messages, schema: {} })).parsed, found);
});

Deno.test("example: counts words as tokens, and heeds an abort", async () => {
  await using handle = await setUp("sentiment");
  const { usage } = await handle.model.generate("Review: so so");
  assertEquals(usage, { inputTokens: 3, outputTokens: 1 });
  const signal = AbortSignal.abort(new RangeError("enough"));
  await assertRejects(() => handle.model.generate("x", { signal }), RangeError, "enough");
});

Deno.test("example: names the models that there are", async () => {
  for (const name of ["", "gpt", "toString", "Arithmetic"]) {
    await assertRejects(
      () => setUp(name),
      InvalidRequestError,
      `There is no model "example:${name}": there are example:arithmetic, example:sentiment, ` +
        "example:extract.",
    );
  }
});
