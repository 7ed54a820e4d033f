/**
 * The model that a server serves.
 *
 * @module
 */
import type { CallOptions, Model } from "../../src/providers/model.ts";
import { ModelError, ProviderCrashError } from "../../src/providers/model_error.ts";
import type { EndpointLoad } from "../../src/providers/provider.ts";
import type { OngoingCalls } from "../_ongoing_calls.ts";
import { chatModel } from "../_chat_completions/chat_model.ts";
import type { VllmConfig } from "./config.ts";
import { loadOf } from "./metrics.ts";
import type { RunningServer } from "./running_server.ts";
import type { ServerKeeper } from "./server_keeper.ts";
import { endOf } from "./start_failure.ts";
import type { StartedServer } from "./start_server.ts";
import { within } from "./within.ts";

/** How long a server whose connection broke may take until it has ended, in milliseconds. */
const DEATH_PATIENCE_MS = 1000;

/** How long a server may take to tell its load, in milliseconds. */
const LOAD_PATIENCE_MS = 5000;

/** The model of a server; `ongoing` gets its calls, where the server does not end with the model. */
export function servedModelAt(
  { url, key, served, ongoing }: RunningServer & { readonly ongoing?: OngoingCalls },
  config: VllmConfig,
): Model {
  return chatModel({
    baseUrl: `${url}/v1`,
    headers: key ? { authorization: `Bearer ${key}` } : {},
    secrets: key ? [key] : [],
    timeoutMs: config.timeoutMs,
    ongoing,
    model: served,
    maxTokensField: "max_tokens",
    temperature: config.temperature,
    maxTokens: config.maxTokens,
    seed: config.seed,
    body: config.body,
  });
}

/** The model of a server that is started again when it dies; calls wait until it is back. */
export function keptModel(keeper: ServerKeeper, config: VllmConfig): Model {
  const models = new WeakMap<StartedServer, Model>();
  return {
    async generate(request, options = {}) {
      const server = await unlessAborted(keeper.current, options.signal);
      const model = models.get(server) ?? servedModelAt(server, config);
      models.set(server, model);
      try {
        return await model.generate(request, options);
      } catch (error) {
        throw await crashOr(error, server);
      }
    },
  };
}

/** The same error, or what is behind it where the server died under the call. */
async function crashOr(error: unknown, { process }: StartedServer): Promise<unknown> {
  const broken = error instanceof ModelError && error.code === "transient" && !error.status;
  if (!broken) return error;
  await within(process.exited, DEATH_PATIENCE_MS);
  if (!process.status) return error;
  return new ProviderCrashError(`vllm ${endOf(process.status)} during the call.`, { cause: error });
}

/** Asks a server how much it has to do. */
export async function loadAt(url: string, { signal }: CallOptions = {}): Promise<EndpointLoad> {
  const late = AbortSignal.timeout(LOAD_PATIENCE_MS);
  const response = await fetch(`${url}/metrics`, {
    signal: signal ? AbortSignal.any([signal, late]) : late,
  });
  const text = await response.text();
  const load = response.ok ? loadOf(text) : undefined;
  if (!load) {
    throw new Error(`${url}/metrics does not tell vLLM's load (status ${response.status})`);
  }
  return load;
}

async function unlessAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  signal?.throwIfAborted();
  if (!signal) return await work;
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
