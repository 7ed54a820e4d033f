/**
 * What a failed call says of itself: whether another attempt can help, and when.
 *
 * Errors are read by shape: a provider may have been built against another copy of this library,
 * and a plain client throws what its own library has.
 *
 * @module
 */

import { type Allowance, type RateLimits, rateLimits } from "./rate_limits.ts";
import { retryAfter } from "./retry_after.ts";

/** Statuses below 500 that may pass: a timeout, a conflict, a request too early, a rate limit. */
const PASSING: readonly unknown[] = [408, 409, 425, 429];

/** Statuses of an endpoint that has too much to do. */
const OVERLOAD: readonly unknown[] = [503, 529];

/** Codes and names of a connection that failed. */
const CONNECTION =
  /^(E(CONN(RESET|REFUSED|ABORTED)|PIPE|TIMEDOUT|AI_AGAIN)|UND_ERR_\w+)$|^(Connection(Reset|Refused|Aborted)|BrokenPipe|TimedOut)$/;

/** Messages of the `TypeError` that `fetch` throws for any failure of the network. */
const FETCH = /^(error sending request|error reading a body|fetch failed|failed to fetch)/i;

/** How deep the cause of an error is looked for. */
const DEPTH = 8;

/**
 * Whether another attempt can help: as the error says (`retryable`), else by its HTTP status, else
 * where the connection failed.
 */
export function isRetryable(error: unknown): boolean {
  for (const name of ["retryable", "isRetryable"]) {
    const said = property(error, name);
    if (typeof said === "boolean") return said;
  }
  // An account without credit is refused with a status that says otherwise.
  if (property(error, "code") === "insufficient_quota") return false;
  const status = statusOf(error);
  if (status !== undefined) return status >= 500 || PASSING.includes(status);
  let cause = error;
  for (let depth = 0; depth < DEPTH && cause instanceof Error; depth++) {
    if (isConnectionFailure(cause)) return true;
    cause = cause.cause;
  }
  return false;
}

/** Whether the endpoint refused the call for its rate. */
export function isRateLimit(error: unknown): boolean {
  return property(error, "code") === "rate-limit" || statusOf(error) === 429;
}

/** Whether the endpoint had too much to do: a rate limit, an overload (503, 529), a timeout. */
export function isOverload(error: unknown): boolean {
  return isRateLimit(error) || OVERLOAD.includes(statusOf(error)) || isTimeout(error);
}

function isTimeout(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < DEPTH && cause instanceof Error; depth++) {
    if (/Timeout/.test(cause.name)) return true;
    cause = cause.cause;
  }
  return false;
}

/** Milliseconds that the endpoint asked to be left alone for, where it did. */
export function retryAfterMs(error: unknown): number | undefined {
  const asked = property(error, "retryAfterMs");
  return typeof asked === "number" ? asked : retryAfter(headersOf(error));
}

/**
 * Milliseconds that the endpoint will refuse calls for: as it asked, else until what a refusal says
 * is used up comes back. 0 where it says nothing of the kind.
 */
export function restAskedMs(error: unknown): number {
  const asked = retryAfterMs(error);
  if (asked !== undefined || !isRateLimit(error)) return asked ?? 0;
  const allowances: readonly (Allowance | undefined)[] = Object.values(limitsOf(error) ?? {});
  const resets = allowances.map((one) => one?.remaining === 0 ? one.resetMs ?? 0 : 0);
  return Math.max(0, ...resets);
}

/** What the endpoint allows yet, where the error or its headers say so. */
export function limitsOf(error: unknown): RateLimits | undefined {
  const said = property(error, "limits");
  if (typeof said === "object" && said !== null) return said;
  const headers = headersOf(error);
  return headers && rateLimits(headers);
}

/** The HTTP status that an error carries. */
export function statusOf(error: unknown): number | undefined {
  const status = property(error, "status") ?? property(error, "statusCode");
  return typeof status === "number" ? status : undefined;
}

function isConnectionFailure(error: Error): boolean {
  return [property(error, "code"), error.name].some((name) =>
    typeof name === "string" && CONNECTION.test(name)
  ) || (error instanceof TypeError && FETCH.test(error.message));
}

/** The headers that an error carries, as `Headers` or as a record of them. */
function headersOf(error: unknown): Headers | undefined {
  const headers = property(error, "headers") ?? property(error, "responseHeaders");
  if (headers instanceof Headers) return headers;
  if (typeof headers !== "object" || headers === null) return undefined;
  const texts = Object.entries(headers).filter((entry): entry is [string, string] =>
    typeof entry[1] === "string" && /^[\w-]+$/.test(entry[0])
  );
  return new Headers(texts);
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
