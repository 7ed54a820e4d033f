/**
 * The client's errors as the model errors that retries and reports go by.
 *
 * @module
 */
import { APIConnectionError, APIError } from "openai";
import {
  AuthenticationError,
  ContextLengthError,
  InvalidRequestError,
  ModelError,
  type ModelErrorOptions,
  RateLimitError,
  TransientError,
} from "../../src/providers/model_error.ts";

const TOO_LONG =
  /context_length_exceeded|maximum context length|exceed_context_size|context window/i;

/** The error to throw for what the client threw; the signal's reason once it is aborted. */
export function toModelError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof ModelError) return error;
  if (!(error instanceof APIError) || error instanceof APIConnectionError) {
    return new TransientError(connectionMessage(error), { cause: error });
  }
  const { status, message, code, type } = error;
  const retryAfter = retryAfterMs(error.headers);
  const options: ModelErrorOptions = { cause: error, status, retryAfterMs: retryAfter };
  switch (true) {
    case status === 401 || status === 403:
      return new AuthenticationError(message, options);
    // OpenAI answers 429 when the account has no credit left; waiting does not help.
    case status === 429 && (code === "insufficient_quota" || type === "insufficient_quota"):
      return new AuthenticationError(message, options);
    case status === 429:
      return new RateLimitError(message, options);
    case status === undefined || status === 408 || status === 409 || status >= 500:
      return new TransientError(message, options);
    case TOO_LONG.test(`${code} ${type} ${message}`):
      return new ContextLengthError(message, options);
    default:
      return new InvalidRequestError(message, options);
  }
}

/**
 * Milliseconds that the endpoint asks to wait: `retry-after-ms`, or `Retry-After` in seconds or
 * as a date, which is read against the endpoint's own `Date`.
 */
export function retryAfterMs(headers: Headers | undefined): number | undefined {
  const milliseconds = Number.parseFloat(headers?.get("retry-after-ms") ?? "");
  if (milliseconds >= 0) return milliseconds;
  const text = headers?.get("retry-after")?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const wait = Date.parse(text) - Date.parse(headers?.get("date") ?? "");
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** The client says "Connection error."; the innermost cause says what happened. */
function connectionMessage(error: unknown): string {
  let innermost = error;
  for (let depth = 0; depth < 8 && innermost instanceof Error && innermost.cause; depth++) {
    innermost = innermost.cause;
  }
  const message = innermost instanceof Error ? innermost.message : String(innermost);
  return innermost === error ? message : `Connection error: ${message}`;
}
