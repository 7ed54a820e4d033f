/**
 * Differences, intervals and p-values as people read them.
 *
 * @module
 */
import type { Interval } from "../../stats/wilson_interval.ts";
import { valueText } from "../numbers.ts";
import type { ComparedScore } from "./comparison.ts";

/** A number with its sign: `+0.065`, `-0.3`; 0 has none. */
export function signedText(value: number): string {
  return value > 0 ? `+${valueText(value)}` : valueText(value);
}

/** `+0.012 to +0.118`; `–` where there is too little to tell. */
export function rangeText(interval: Interval | undefined): string {
  return interval ? `${signedText(interval.low)} to ${signedText(interval.high)}` : "–";
}

/** A p-value to three digits after the point: `<0.001`, `0.049`. */
export function pText(p: number): string {
  if (p < 0.001) return "<0.001";
  // What is below 0.05 must not read as 0.050.
  const text = p.toFixed(3);
  return p < 0.05 && text === "0.050" ? "<0.05" : text;
}

/** What the p-value comes from. */
export function testText({ test }: Pick<ComparedScore, "test">): string {
  switch (test) {
    case "mcnemar":
      return "McNemar's exact test";
    case "sign-flip":
      return "Fisher's sign-flip test";
    case "t":
      return "paired t test";
  }
}
