/**
 * What can go wrong in a model call; each error says whether a retry can help.
 *
 * Errors are told apart by `code` and `retryable`, never by `instanceof`: a
 * provider may have been built against another copy of this library.
 *
 * @module
 */

import type { RateLimits } from "./rate_limits.ts";

/** What a {@linkcode ModelError} carries beside its message. */
export interface ModelErrorOptions {
  /** The error behind this one. */
  readonly cause?: unknown;
  /** The HTTP status that the endpoint answered with. */
  readonly status?: number | undefined;
  /** Milliseconds to wait before the next try, where the endpoint said so. */
  readonly retryAfterMs?: number | undefined;
  /** What the endpoint allows yet, where it said so. */
  readonly limits?: RateLimits | undefined;
}

/** The kinds of model error. */
export type ModelErrorCode =
  | "rate-limit"
  | "transient"
  | "authentication"
  | "invalid-request"
  | "context-length"
  | "provider-crash";

/** A model call that failed. */
export class ModelError extends Error {
  /** The kind of error. */
  readonly code: ModelErrorCode;
  /** Whether the same call can succeed later. */
  readonly retryable: boolean;
  /** The HTTP status that the endpoint answered with. */
  readonly status: number | undefined;
  /** Milliseconds to wait before the next try, where the endpoint said so. */
  readonly retryAfterMs: number | undefined;
  /** What the endpoint allows yet, where it said so. */
  readonly limits: RateLimits | undefined;

  /** Makes an error of one kind; the classes below are the usual way. */
  constructor(
    message: string,
    options: ModelErrorOptions & Pick<ModelError, "code" | "retryable">,
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.retryable = options.retryable;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.limits = options.limits;
  }
}

/** The endpoint refused the call because of a rate limit; a retry can help. */
export class RateLimitError extends ModelError {
  /** Makes an error from the endpoint's message. */
  constructor(message: string, options: ModelErrorOptions = {}) {
    super(message, { ...options, code: "rate-limit", retryable: true });
  }
}

/** The call failed for a reason that may pass: a 5xx, a reset connection, a timeout. */
export class TransientError extends ModelError {
  /** Makes an error from what failed. */
  constructor(message: string, options: ModelErrorOptions = {}) {
    super(message, { ...options, code: "transient", retryable: true });
  }
}

/** The key is missing, wrong, or may not do this; no retry can help. */
export class AuthenticationError extends ModelError {
  /** Makes an error from the endpoint's message. */
  constructor(message: string, options: ModelErrorOptions = {}) {
    super(message, { ...options, code: "authentication", retryable: false });
  }
}

/** The endpoint does not accept this request; no retry can help. */
export class InvalidRequestError extends ModelError {
  /** Makes an error from the endpoint's message. */
  constructor(message: string, options: ModelErrorOptions = {}) {
    super(message, { ...options, code: "invalid-request", retryable: false });
  }
}

/** The request is longer than the model's context; no retry can help. */
export class ContextLengthError extends ModelError {
  /** Makes an error from the endpoint's message. */
  constructor(message: string, options: ModelErrorOptions = {}) {
    super(message, { ...options, code: "context-length", retryable: false });
  }
}

/** The provider's own process ended; a retry can help once it is up again. */
export class ProviderCrashError extends ModelError {
  /** Makes an error from how the process ended. */
  constructor(message: string, options: ModelErrorOptions = {}) {
    super(message, { ...options, code: "provider-crash", retryable: true });
  }
}
