import { assert, assertEquals } from "@std/assert";
import { bareCall } from "../../storage/testing/bare_call.ts";
import { record } from "../testing/session_events.ts";
import { pageItem } from "./page_item.ts";

Deno.test("pageItem() says of a call what `show` says, and how it failed", () => {
  const call = {
    model: "openai:gpt\u001b",
    kind: "generate",
    attempts: 2,
    latencyMs: 820,
    inputTokens: 1_200,
    cachedTokens: 1_000,
    cost: 0.5,
    error: "TimeoutError: no answer",
  } as const;
  const { calls } = pageItem({ ...record(0, { calls: [bareCall(call)] }), gone: false }, 0);
  assertEquals(
    calls[0]?.title,
    [
      "openai:gpt\\u{1b}",
      "2 attempts",
      "820 ms",
      "1,200 (1,000 cached) + – tokens",
      "$0.500",
      "TimeoutError: no answer",
    ].join(", "),
  );
});

Deno.test("pageItem() cuts what a call's line would be without end", () => {
  const call = { model: "m", kind: "generate", attempts: 1, error: "x".repeat(5_000_000) } as const;
  const { calls } = pageItem({ ...record(0, { calls: [bareCall(call)] }), gone: false }, 0);
  assert((calls[0]?.title.length ?? Infinity) < 2_000);
});
