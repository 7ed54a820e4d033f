/**
 * What one call of a model took, in a few words.
 *
 * @module
 */
import type { RecordedCall } from "../storage/recorded_call.ts";
import { counted, countText, dollarsText, durationText } from "./numbers.ts";

/** What is known of a call, in one line; none where that is nothing. */
export function callSummary(call: RecordedCall): readonly string[] {
  const { kind, attempts, latencyMs, timeToFirstTokenMs, cost, finishReason } = call;
  const parts = [
    kind === "generate" ? undefined : kind,
    attempts > 1 ? counted(attempts, "attempt") : undefined,
    latencyMs === undefined ? undefined : durationText(latencyMs),
    timeToFirstTokenMs === undefined
      ? undefined
      : `first token after ${durationText(timeToFirstTokenMs)}`,
    tokensText(call),
    cost === undefined ? undefined : dollarsText(cost),
    finishReason === undefined || finishReason === "stop"
      ? undefined
      : `finish reason ${finishReason}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? [] : [parts.join(", ")];
}

/** Tokens in and out; `undefined` where the provider does not count them. */
function tokensText(call: RecordedCall): string | undefined {
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = call;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const known = (count: number | undefined) => count === undefined ? "–" : countText(count);
  const cached = cachedTokens ? ` (${countText(cachedTokens)} cached)` : "";
  const reasoning = reasoningTokens ? ` (${countText(reasoningTokens)} reasoning)` : "";
  return `${known(inputTokens)}${cached} + ${known(outputTokens)}${reasoning} tokens`;
}
