/**
 * What is said of an event loop that was held for so long that it shows in what calls took.
 *
 * @module
 */
import type { CallTotals } from "../storage/recorded_call.ts";
import type { RunEvent } from "./events.ts";

/** A shorter hold is not worth a word, in milliseconds. */
const LEAST_MS = 100;

/** The part of a call's mean latency above which a hold distorts it. */
const PART = 0.1;

/** The message for the longest hold, in milliseconds; `undefined` where no call is distorted by it. */
export function lagMessage(
  longestMs: number,
  calls: readonly CallTotals[],
): RunEvent | undefined {
  const latencies = calls.flatMap(({ meanLatencyMs }) => meanLatencyMs ?? []);
  const distorts = latencies.some((latency) => longestMs > latency * PART);
  if (longestMs < LEAST_MS || !distorts) return undefined;
  const held = longestMs < 1000
    ? `${Math.round(longestMs)} ms`
    : `${(longestMs / 1000).toFixed(1)} s`;
  return {
    type: "message",
    level: "warn",
    text:
      `The event loop was busy for up to ${held} at a stretch: latencies may read up to so much ` +
      "too long.",
    hint: "An evaluator or a function that computes for long holds up all others: give it pauses " +
      "(await), or a worker. A process that was stopped for a while looks the same.",
    source: "dotevals",
  };
}
