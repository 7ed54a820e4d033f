/**
 * AWS's exceptions, and what containers answer, as the model errors that retries and reports go by.
 *
 * @module
 */
import {
  AuthenticationError,
  InvalidRequestError,
  ModelError,
  type ModelErrorOptions,
  RateLimitError,
  TransientError,
} from "../../src/providers/model_error.ts";
import { shownText, toldBy } from "../_chat_completions/error_body.ts";
import { connectionError, modelError } from "../_chat_completions/errors.ts";
import { retryAfter } from "../../src/providers/retry_after.ts";

/** What the SDK throws, as far as it is looked at. */
interface AwsException extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  /** Of a `ModelError`: the container's own status and body. */
  readonly OriginalStatusCode?: number;
  readonly OriginalMessage?: string;
}

const THROTTLED = /Throttl|TooManyRequests|LimitExceeded|RequestLimit/;
const REFUSED =
  /AccessDenied|UnrecognizedClient|ExpiredToken|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|InvalidClientTokenId|InvalidAccessKey|NotAuthorized|OptInRequired|RequestExpired/;
const PASSING =
  /ModelNotReady|ModelStreamError|InternalStreamFailure|InternalFailure|InternalDependency|InternalServer|ServiceUnavailable/;

/** The error to throw for what a call of the SDK threw. */
export function toModelError(error: unknown): unknown {
  if (error instanceof ModelError) return error;
  if (!isAwsException(error)) return connectionError(error);
  const { name, message } = error;
  if (name === "ModelError" && error.OriginalStatusCode !== undefined) {
    return containerError(error.OriginalMessage ?? message, {
      cause: error,
      status: error.OriginalStatusCode,
    });
  }
  const status = error.$metadata?.httpStatusCode;
  const headers = new Headers({ ...error.$response?.headers });
  const options: ModelErrorOptions = { cause: error, status, retryAfterMs: retryAfter(headers) };
  switch (true) {
    case THROTTLED.test(name):
      return new RateLimitError(message, options);
    case REFUSED.test(name):
      return new AuthenticationError(message, options);
    // AWS answers ModelNotReadyException with 429, so the name goes first.
    case PASSING.test(name) || status === undefined || status === 424 || status >= 500:
      return new TransientError(message, options);
    case status === 429:
      return new RateLimitError(message, options);
    default:
      return new InvalidRequestError(message, options);
  }
}

/** The error that a container's answer with a status of 400 or more stands for. */
export function containerError(
  body: string,
  options: ModelErrorOptions & { readonly status: number },
): ModelError {
  const told = toldBy(body);
  return modelError({ ...told, message: shownText(told.message) }, options);
}

function isAwsException(error: unknown): error is AwsException {
  return error instanceof Error && "$fault" in error;
}
