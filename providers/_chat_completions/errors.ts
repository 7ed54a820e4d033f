/**
 * An endpoint's refusals as the model errors that retries and reports go by.
 *
 * @module
 */
import {
  AuthenticationError,
  ContextLengthError,
  InvalidRequestError,
  type ModelError,
  type ModelErrorOptions,
  RateLimitError,
  TransientError,
} from "../../src/providers/model_error.ts";
import { rateLimits } from "../../src/providers/rate_limits.ts";
import { retryAfter } from "../../src/providers/retry_after.ts";
import { shownText, type Told, toldBy } from "./error_body.ts";

/** The words of OpenAI and Azure, vLLM, llama.cpp, Ollama, TGI, Mistral, Anthropic, Bedrock and Google. */
const TOO_LONG = new RegExp(
  [
    "context_length_exceeded",
    "exceed_context_size",
    "(maximum|max|available) context (length|size)",
    "context window",
    "maximum model length",
    "(prompt|input) is too long",
    "inputs` tokens \\+ `max_new_tokens` must be",
    "input token count .* exceeds the maximum",
  ].join("|"),
  "i",
);
const NO_CREDIT = /insufficient_quota/;

/** The error for an answer whose status is not 2xx; reads its body. */
export async function refusal(
  response: Response,
  secrets: readonly string[] = [],
): Promise<ModelError> {
  const { status, statusText, headers } = response;
  const told = toldBy(withoutSecrets(await response.text(), secrets));
  const text = told.message || statusText;
  return modelError(
    { ...told, message: text === "" ? `HTTP ${status}` : `HTTP ${status}: ${shownText(text)}` },
    { status, retryAfterMs: retryAfter(headers), limits: rateLimits(headers) },
  );
}

/** The error for one that came in the middle of an answer. */
export function errorEvent(data: string, secrets: readonly string[] = []): ModelError {
  const told = toldBy(withoutSecrets(data, secrets));
  const status = Number(told.code);
  return modelError(
    { ...told, message: `The answer ended in an error: ${shownText(told.message)}` },
    status >= 400 && status < 600 ? { status } : {},
  );
}

/** The error for a connection that could not be made, or that broke. */
export function connectionError(error: unknown): TransientError {
  let innermost = error;
  for (let depth = 0; depth < 8 && innermost instanceof Error && innermost.cause; depth++) {
    innermost = innermost.cause;
  }
  const message = innermost instanceof Error ? innermost.message : String(innermost);
  return new TransientError(`Connection error: ${message}`, { cause: error });
}

/** An endpoint may repeat the key that it refuses. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret !== "").reduce(
    (rest, secret) => rest.replaceAll(secret, "***"),
    text,
  );
}

/** The error that a status and what was said with it stand for. */
export function modelError(told: Told, options: ModelErrorOptions): ModelError {
  const { message, code, type } = told;
  const { status } = options;
  const words = `${code} ${type} ${message}`;
  switch (true) {
    case status === 401 || status === 402 || status === 403:
      return new AuthenticationError(message, options);
    // OpenAI answers 429 when the account has no credit left; waiting does not help.
    case NO_CREDIT.test(`${code} ${type}`):
      return new AuthenticationError(message, options);
    case status === 429 || /^rate_limit/.test(`${code ?? type}`):
      return new RateLimitError(message, options);
    case TOO_LONG.test(words):
      return new ContextLengthError(message, options);
    case status === undefined || status === 408 || status === 409 || status >= 500:
      return new TransientError(message, options);
    default:
      return new InvalidRequestError(message, options);
  }
}
