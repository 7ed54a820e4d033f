import { assertEquals } from "@std/assert";
import { dollarsFor } from "./genai_prices.ts";
import { Prices } from "./prices.ts";

const USAGE = { inputTokens: 1_000_000, outputTokens: 1_000_000 };
const SMALL = { provider: "openai", model: "gpt-4o-mini" };

Deno.test("dollarsFor() knows list prices by a provider's id and by an API's URL", () => {
  assertEquals(dollarsFor(USAGE, SMALL), 0.75);
  const apiUrl = "https://api.openai.com/v1";
  assertEquals(dollarsFor(USAGE, { apiUrl, model: "gpt-4o-mini" }), 0.75);
});

Deno.test("dollarsFor() has no price, rather than 0, for what it does not know", () => {
  assertEquals(dollarsFor(USAGE, { ...SMALL, model: "no-such-model" }), undefined);
  assertEquals(dollarsFor(USAGE, { ...SMALL, provider: "nobody" }), undefined);
  assertEquals(dollarsFor(USAGE, { apiUrl: "http://localhost/", model: "gpt-4o-mini" }), undefined);
  assertEquals(dollarsFor({ outputTokens: 5 }, SMALL), undefined);
  assertEquals(dollarsFor({ inputTokens: NaN, outputTokens: 5 }, SMALL), undefined);
});

Deno.test("a price list that cannot be loaded is told once, and nothing has a cost", async () => {
  const missing: unknown[] = [];
  const prices = new Prices({
    onMissing: (cause) => missing.push(cause),
    load: () => Promise.reject(new Error("no network")),
  });
  const answers = [{ text: "", usage: USAGE }];
  assertEquals(await prices.cost(answers, SMALL), undefined);
  assertEquals(await prices.cost(answers, SMALL), undefined);
  assertEquals(missing.map(String), ["Error: no network"]);
});

Deno.test("several answers have a cost together only where each has one", async () => {
  const prices = new Prices({ onMissing() {}, load: () => Promise.resolve(() => 0.5) });
  const known = { text: "", usage: USAGE };
  assertEquals(await prices.cost([known, known], SMALL), 1);
  assertEquals(await prices.cost([known, { text: "" }], SMALL), undefined);
  assertEquals(await prices.cost([], SMALL), undefined);
});
