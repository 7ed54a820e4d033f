/**
 * How long an endpoint asks to be left alone.
 *
 * @module
 */

/**
 * Milliseconds that the endpoint asks to wait: `retry-after-ms`, or `Retry-After` in seconds or
 * as a date, which is read against the endpoint's own `Date`.
 *
 * @example
 * ```ts
 * import { retryAfter } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(retryAfter(new Headers({ "retry-after": "2" })), 2000);
 * assertEquals(retryAfter(new Headers()), undefined);
 * ```
 */
export function retryAfter(headers: Headers | undefined): number | undefined {
  const milliseconds = Number.parseFloat(headers?.get("retry-after-ms") ?? "");
  if (milliseconds >= 0 && milliseconds < Infinity) return milliseconds;
  const text = headers?.get("retry-after")?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const wait = Date.parse(text) - Date.parse(headers?.get("date") ?? "");
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
