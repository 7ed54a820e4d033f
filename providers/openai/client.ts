/**
 * The official client, for what is not sent by ourselves.
 *
 * @module
 */
import type { OpenAI } from "openai";
import { ModelError } from "../../src/providers/model_error.ts";
import { connectionError, modelError, withoutSecrets } from "../_chat_completions/errors.ts";
import { rateLimits } from "../../src/providers/rate_limits.ts";
import { retryAfter } from "../../src/providers/retry_after.ts";
import type { OngoingCalls } from "../_ongoing_calls.ts";
import { withinTime } from "../_within_time.ts";
import type { Endpoint } from "./endpoint.ts";

type Sdk = typeof import("./sdk.ts");

/** Computed, so that the client is not loaded with this file. */
const SDK = "./sdk.ts";

/** What a call through the client needs. */
export interface ClientCall {
  readonly client: OpenAI;
  /** For the client's methods. */
  readonly options: { readonly signal: AbortSignal };
}

/** Makes a call through the client. */
export type CallClient = <Answer>(
  call: (call: ClientCall) => Promise<Answer>,
  signal: AbortSignal | undefined,
) => Promise<Answer>;

/** Options of {@linkcode clientFor}. */
export interface ClientOptions {
  readonly timeoutMs: number;
  readonly connections: Deno.HttpClient;
  readonly ongoing: OngoingCalls;
}

/** Makes calls through the client, which is made at the first of them. */
export function clientFor(
  { baseUrl, headers, secrets }: Endpoint,
  { timeoutMs, connections, ongoing }: ClientOptions,
): CallClient {
  let made: Promise<{ readonly sdk: Sdk; readonly client: OpenAI }> | undefined;

  async function make() {
    const sdk: Sdk = await import(SDK);
    const url = new URL(baseUrl);
    const client = new sdk.OpenAI({
      baseURL: `${url.origin}${url.pathname}`,
      defaultQuery: Object.fromEntries(url.searchParams),
      apiKey: "none",
      // Not from the environment, of which a provider sees what it was granted only.
      organization: null,
      project: null,
      adminAPIKey: null,
      defaultHeaders: { Authorization: null, ...headers },
      fetchOptions: { client: connections },
      timeout: timeoutMs,
      maxRetries: 0,
      logLevel: "off",
    });
    return { sdk, client };
  }

  return async (call, signal) => {
    signal?.throwIfAborted();
    const { sdk, client } = await (made ??= make());
    return await withinTime(
      { timeoutMs, signal, ongoing },
      (signal) => call({ client, options: { signal } }),
      (error) => toModelError(error, sdk, secrets),
    );
  };
}

function toModelError(error: unknown, sdk: Sdk, secrets: readonly string[]): ModelError {
  if (error instanceof ModelError) return error;
  if (!(error instanceof sdk.APIError) || error instanceof sdk.APIConnectionError) {
    return connectionError(error);
  }
  const { status, code, type } = error;
  const message = withoutSecrets(error.message, secrets);
  return modelError({ message: `HTTP ${message}`, code, type }, {
    status,
    retryAfterMs: retryAfter(error.headers),
    limits: error.headers && rateLimits(error.headers),
  });
}
