/**
 * What a failed call says of itself: whether another attempt can help, and when.
 *
 * Errors are read by shape: a provider may have been built against another copy of this library,
 * and a plain client throws what its own library has.
 *
 * @module
 */

/** Statuses below 500 that may pass: a timeout, a conflict, a request too early, a rate limit. */
const PASSING: readonly unknown[] = [408, 409, 425, 429];

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

/** Milliseconds that the endpoint asked to be left alone for, where it did. */
export function retryAfterMs(error: unknown): number | undefined {
  const asked = property(error, "retryAfterMs");
  if (typeof asked === "number") return asked;
  const headers = property(error, "headers") ?? property(error, "responseHeaders");
  const milliseconds = seconds(headerOf(headers, "retry-after-ms"));
  if (milliseconds !== undefined) return milliseconds;
  const wait = seconds(headerOf(headers, "retry-after"));
  return wait === undefined ? undefined : wait * 1000;
}

function isConnectionFailure(error: Error): boolean {
  return [property(error, "code"), error.name].some((name) =>
    typeof name === "string" && CONNECTION.test(name)
  ) || (error instanceof TypeError && FETCH.test(error.message));
}

function statusOf(error: unknown): number | undefined {
  const status = property(error, "status") ?? property(error, "statusCode");
  return typeof status === "number" ? status : undefined;
}

/** A header of `Headers`, or of a record of them. */
function headerOf(headers: unknown, name: string): unknown {
  return headers instanceof Headers ? headers.get(name) : property(headers, name);
}

/** A number in a header; a date is none. */
function seconds(text: unknown): number | undefined {
  return typeof text === "string" && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
