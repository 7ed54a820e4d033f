import { assert, assertEquals } from "@std/assert";
import { TokenEstimate } from "./token_estimate.ts";

Deno.test("an estimate is a guess until an answer came, unless its length is bounded", () => {
  const estimate = new TokenEstimate();
  assertEquals(estimate.of("four char"), { inputTokens: 3, outputTokens: 256, isGuess: true });
  const messages = [{ role: "user", content: "abcd" }] as const;
  assertEquals(estimate.of({ messages, maxTokens: 5 }), {
    inputTokens: 1,
    outputTokens: 5,
    isGuess: false,
  });
  estimate.learn("abcd", { inputTokens: 1, outputTokens: 40 });
  assertEquals(estimate.of("abcd"), { inputTokens: 1, outputTokens: 40, isGuess: false });
});

Deno.test("an estimate goes toward what requests and answers really take", () => {
  const estimate = new TokenEstimate();
  const text = "x".repeat(400);
  for (let call = 0; call < 100; call++) {
    estimate.learn(text, { inputTokens: 300, outputTokens: 20 });
  }
  const { inputTokens, outputTokens } = estimate.of(text);
  assert(Math.abs(inputTokens - 300) <= 1, `${inputTokens}`);
  assertEquals(outputTokens, 20);
});

Deno.test("an estimate of several requests is that of all, images and instructions included", () => {
  const estimate = new TokenEstimate();
  const image = { type: "image", url: "https://example.com/a.png" } as const;
  const request = {
    system: "abcd",
    messages: [{ role: "user", content: [{ type: "text", text: "abcd" }, image] }],
    maxTokens: 1,
  } as const;
  assertEquals(estimate.of([request, request]), {
    inputTokens: 1604,
    outputTokens: 2,
    isGuess: false,
  });
});

Deno.test("an estimate learns nothing from counts that are none", () => {
  const estimate = new TokenEstimate();
  estimate.learn("abcd", { inputTokens: NaN, outputTokens: -1 });
  assertEquals(estimate.of("abcd"), { inputTokens: 1, outputTokens: 256, isGuess: true });
});
