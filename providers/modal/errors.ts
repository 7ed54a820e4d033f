/**
 * What the SDK throws as the model errors that retries and reports go by.
 *
 * @module
 */
import {
  AuthenticationError,
  ContextLengthError,
  InvalidRequestError,
  ModelError,
  type ModelErrorOptions,
  ProviderCrashError,
  RateLimitError,
  TransientError,
} from "../../src/providers/model_error.ts";

const TOO_LONG = /context_length_exceeded|context ?length|ContextLength|context window/i;
const TOO_FAST = /rate.?limit|too many requests/i;
const MAY_PASS = /timed? ?out|timeout|connection|temporar|unavailable|overloaded|out of memory/i;

/** gRPC's status codes, as far as they are told apart. */
const CODES: Readonly<Record<number, (message: string, options: ModelErrorOptions) => ModelError>> =
  {
    3: (message, options) => new InvalidRequestError(message, options),
    5: (message, options) => new InvalidRequestError(message, options),
    7: (message, options) => new AuthenticationError(message, options),
    8: (message, options) => new RateLimitError(message, options),
    9: (message, options) => new InvalidRequestError(message, options),
    11: (message, options) => new InvalidRequestError(message, options),
    12: (message, options) => new InvalidRequestError(message, options),
    16: (message, options) => new AuthenticationError(message, options),
  };

/** The model error that a failed call of the SDK's stands for. */
export function toModelError(error: unknown, masked: (text: string) => string): ModelError {
  if (error instanceof ModelError) return error;
  const { name, code, retryAfterMs } = partsOf(error);
  const told = messageIn(error);
  const message = masked(told);
  const cause = message === told ? error : undefined;
  const options: ModelErrorOptions = { cause, retryAfterMs };
  switch (name) {
    case "ClientError":
      return (CODES[code ?? -1] ?? transient)(message, options);
    case "NotFoundError":
    case "InvalidError":
      return new InvalidRequestError(message, options);
    case "ResourceExhaustedError":
      return new RateLimitError(message, options);
    case "InternalFailure":
      return new ProviderCrashError(message, options);
    case "RemoteError":
      return toRemoteError(message, options);
    // What is left are the SDK's own refusals, such as of an answer that is no CBOR, and its timeouts.
    case "Error":
    case "TypeError":
      return new InvalidRequestError(message, options);
    default:
      return new TransientError(message, options);
  }
}

/** The error that a failed setup ends with; one that is for users stays as it is. */
export function toSetupError(error: unknown, masked: (text: string) => string): unknown {
  const forUsers = error instanceof Error && "hint" in error && "exitCode" in error;
  return forUsers ? error : toModelError(error, masked);
}

/** The text of what was thrown. */
export function messageIn(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

/** An exception of the function's own; whether a retry can help is read from its text. */
function toRemoteError(message: string, options: ModelErrorOptions): ModelError {
  if (TOO_LONG.test(message)) return new ContextLengthError(message, options);
  if (TOO_FAST.test(message)) return new RateLimitError(message, options);
  if (MAY_PASS.test(message)) return new TransientError(message, options);
  return new InvalidRequestError(message, options);
}

function transient(message: string, options: ModelErrorOptions): ModelError {
  return new TransientError(message, options);
}

/** The SDK's errors are told apart by name, as those of another copy of it would be. */
function partsOf(error: unknown) {
  const { name, code, retryAfterMs }: Readonly<Record<string, unknown>> =
    typeof error === "object" && error !== null ? { ...readable(error) } : {};
  return {
    name: typeof name === "string" ? name : "",
    code: typeof code === "number" ? code : undefined,
    retryAfterMs: typeof retryAfterMs === "number" ? retryAfterMs : undefined,
  };
}

/** A spread would leave out what an error has from its class. */
function readable(error: object) {
  return {
    name: "name" in error ? error.name : undefined,
    code: "code" in error ? error.code : undefined,
    retryAfterMs: "retryAfterMs" in error ? error.retryAfterMs : undefined,
  };
}
