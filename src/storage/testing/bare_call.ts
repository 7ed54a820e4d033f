/**
 * Calls for tests, of which little is known.
 *
 * @module
 */
import type { RecordedCall } from "../recorded_call.ts";

/** A call of which nothing is known but that it was made once, and what `more` says. */
export function bareCall(more: Partial<RecordedCall> = {}): RecordedCall {
  return {
    model: "small",
    kind: "generate",
    attempts: 1,
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
    ...more,
  };
}
