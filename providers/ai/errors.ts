/**
 * The AI SDK's errors as the model errors that retries and reports go by.
 *
 * @module
 */
import { AISDKError, APICallError, StreamProviderError } from "ai";
import {
  AuthenticationError,
  InvalidRequestError,
  ModelError,
  TransientError,
} from "../../src/providers/model_error.ts";
import { shownText, toldBy } from "../_chat_completions/error_body.ts";
import { connectionError, modelError } from "../_chat_completions/errors.ts";
import { rateLimits } from "../../src/providers/rate_limits.ts";
import { retryAfter } from "../../src/providers/retry_after.ts";

const REFUSED = /^AI_(LoadAPIKey|LoadSetting)Error$/;
/** What is wrong with the request, and would be the next time. */
const INVALID =
  /^AI_(InvalidPrompt|InvalidArgument|InvalidDataContent|InvalidMessageRole|MessageConversion|NoSuchModel|NoSuchProvider|NoSuchTool|UnsupportedFunctionality|UnsupportedModelVersion|TooManyEmbeddingValuesForCall|Download)Error$/;

/** The error to throw for what the AI SDK threw, or sent in the middle of a stream. */
export function toModelError(error: unknown): unknown {
  if (error instanceof ModelError) return error;
  if (APICallError.isInstance(error)) return callError(error);
  if (StreamProviderError.isInstance(error)) {
    const { message, code, type, statusCode: status } = error;
    return modelError({ message: shownText(message), code, type }, { cause: error, status });
  }
  if (AISDKError.isInstance(error)) {
    if (REFUSED.test(error.name)) return new AuthenticationError(error.message, { cause: error });
    if (INVALID.test(error.name)) return new InvalidRequestError(error.message, { cause: error });
    return new TransientError(error.message, { cause: error });
  }
  if (error instanceof Error) return connectionError(error);
  return new TransientError(shownText(typeof error === "string" ? error : JSON.stringify(error)), {
    cause: error,
  });
}

function callError(error: APICallError): ModelError {
  const { statusCode: status, message, responseBody, responseHeaders } = error;
  if (status === undefined) return connectionError(error);
  const text = message || `HTTP ${status}`;
  // An answer that was well and cannot be read, as when a proxy answers with a page of its own.
  if (status < 400) return new TransientError(text, { cause: error, status });
  const headers = new Headers({ ...responseHeaders });
  return modelError({ ...toldBy(responseBody ?? ""), message: text }, {
    cause: error,
    status,
    retryAfterMs: retryAfter(headers),
    limits: rateLimits(headers),
  });
}
