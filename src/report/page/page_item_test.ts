import { assert, assertEquals } from "@std/assert";
import type { RecordedCall } from "../../storage/recorded_call.ts";
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
  } as const satisfies Partial<RecordedCall>;
  const { calls } = pageItem({ ...record(0, { calls: [whole(call)] }), gone: false }, 0);
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
  const { calls } = pageItem({ ...record(0, { calls: [whole(call)] }), gone: false }, 0);
  assert((calls[0]?.title.length ?? Infinity) < 2_000);
});

function whole(call: Pick<RecordedCall, "model" | "kind" | "attempts"> & Partial<RecordedCall>) {
  return {
    latencyMs: undefined,
    timeToFirstTokenMs: undefined,
    inputTokens: undefined,
    outputTokens: undefined,
    cachedTokens: undefined,
    reasoningTokens: undefined,
    cost: undefined,
    finishReason: undefined,
    error: undefined,
    request: undefined,
    response: undefined,
    ...call,
  } satisfies RecordedCall;
}
