/**
 * What an endpoint says of its rate limits, in the forms of several vendors.
 *
 * @module
 */

/** How much of something an endpoint still allows. */
export interface Allowance {
  /** How much it allows when nothing is used. */
  readonly limit?: number;
  /** How much is left. */
  readonly remaining: number;
  /** Milliseconds until all of it is there again. */
  readonly resetMs?: number;
}

/**
 * What an endpoint allows yet, as it said with an answer or a refusal. Calls are spread out by it
 * before they are refused.
 */
export interface RateLimits {
  /** Calls. */
  readonly requests?: Allowance;
  /** Tokens of requests and answers together. */
  readonly tokens?: Allowance;
  /** Tokens of requests. */
  readonly inputTokens?: Allowance;
  /** Tokens of answers. */
  readonly outputTokens?: Allowance;
}

/** How a vendor names the headers of one allowance: before and after `limit`, `remaining`, `reset`. */
type Form = readonly [kind: keyof RateLimits, before: string, after: string];

const FORMS: readonly Form[] = [
  // OpenAI, Azure, Groq, vLLM behind a gateway, ….
  ["requests", "x-ratelimit-", "-requests"],
  ["tokens", "x-ratelimit-", "-tokens"],
  ["inputTokens", "x-ratelimit-", "-input-tokens"],
  ["outputTokens", "x-ratelimit-", "-output-tokens"],
  // Anthropic.
  ["requests", "anthropic-ratelimit-requests-", ""],
  ["tokens", "anthropic-ratelimit-tokens-", ""],
  ["inputTokens", "anthropic-ratelimit-input-tokens-", ""],
  ["outputTokens", "anthropic-ratelimit-output-tokens-", ""],
  // Gateways, and the draft of a standard.
  ["requests", "x-ratelimit-", ""],
  ["requests", "ratelimit-", ""],
];

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Reads the limits in an answer's headers: those of OpenAI and Azure (`x-ratelimit-remaining-…`),
 * of Anthropic (`anthropic-ratelimit-…`) and of others who follow them.
 *
 * A reset that is a moment is read against the endpoint's own `Date`.
 *
 * @example
 * ```ts
 * import { rateLimits } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const headers = new Headers({
 *   "x-ratelimit-limit-requests": "500",
 *   "x-ratelimit-remaining-requests": "499",
 *   "x-ratelimit-reset-requests": "120ms",
 * });
 * assertEquals(rateLimits(headers), { requests: { limit: 500, remaining: 499, resetMs: 120 } });
 * ```
 */
export function rateLimits(headers: Headers): RateLimits | undefined {
  if (!isTold(headers)) return undefined;
  const read: { -readonly [Kind in keyof RateLimits]: RateLimits[Kind] } = {};
  for (const [kind, before, after] of FORMS) {
    const remaining = numberIn(headers.get(`${before}remaining${after}`));
    if (read[kind] !== undefined || remaining === undefined) continue;
    const limit = numberIn(headers.get(`${before}limit${after}`));
    const resetMs = waitIn(headers.get(`${before}reset${after}`), headers.get("date"));
    read[kind] = {
      remaining,
      ...limit !== undefined && { limit },
      ...resetMs !== undefined && { resetMs },
    };
  }
  return Object.keys(read).length === 0 ? undefined : read;
}

/** Most servers tell none: to look once over the names takes a quarter of asking for each. */
function isTold(headers: Headers): boolean {
  for (const name of headers.keys()) if (name.includes("ratelimit")) return true;
  return false;
}

function numberIn(text: string | null): number | undefined {
  const trimmed = text?.trim();
  return trimmed && /^-?\d+(\.\d+)?$/.test(trimmed) ? Math.max(0, Number(trimmed)) : undefined;
}

/** Milliseconds: `6m0s`, `20ms`, seconds, or a moment as text or in seconds or milliseconds. */
function waitIn(text: string | null, date: string | null): number | undefined {
  const trimmed = text?.trim();
  if (!trimmed) return undefined;
  const count = numberIn(trimmed);
  if (count !== undefined && count < 1e9) return count * 1000;
  if (/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(trimmed)) {
    return [...trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
      .reduce((sum, [, number, unit = ""]) => sum + Number(number) * (UNITS[unit] ?? 0), 0);
  }
  const moment = count === undefined ? Date.parse(trimmed) : count < 1e12 ? count * 1000 : count;
  const wait = moment - Date.parse(date ?? "");
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
