/**
 * A server that runs already, started by somebody else.
 *
 * @module
 */
import { DotevalsError } from "../../src/errors.ts";
import type { VllmConfig } from "./config.ts";
import { type ServedModels, servedModels, type ServerAddress } from "./served_model.ts";

/** Where `vllm serve` listens unless it is told otherwise. */
const DEFAULT_BASE_URL = "http://127.0.0.1:8000/v1";

/** What is looked for. */
export interface RunningServerOptions {
  readonly model: string;
  readonly config: Pick<VllmConfig, "baseUrl" | "adopt">;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
}

/** A server that serves the model. */
export interface RunningServer extends ServerAddress {
  /** What requests call the model. */
  readonly served: string;
}

/**
 * The running server to use; `undefined` where one has to be started.
 *
 * @throws {DotevalsError} `vllm-not-there` where `baseUrl` must be used and cannot be
 */
export async function runningServer(
  options: RunningServerOptions,
): Promise<RunningServer | undefined> {
  const { model, config: { baseUrl, adopt = false }, key, signal } = options;
  if (baseUrl === undefined && !adopt) return undefined;
  const url = (baseUrl ?? DEFAULT_BASE_URL).replace(/\/+$/, "").replace(/\/v1$/, "");
  let models: ServedModels;
  try {
    models = await servedModels({ url, key }, { model, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (adopt) return undefined;
    throw notThere(`the server at ${url} cannot be used: ${reasonOf(error)}`);
  }
  if (models.served !== undefined) return { url, key, served: models.served };
  if (adopt) return undefined;
  throw notThere(`the server at ${url} serves ${models.names.join(", ")}, but not ${model}`);
}

function notThere(message: string): DotevalsError {
  return new DotevalsError(message, {
    code: "vllm-not-there",
    hint: "Without the option baseUrl a server is started; with adopt too, where this one will " +
      "not do.",
    exitCode: 3,
  });
}

/** `fetch` repeats the URL; the innermost cause says what happened. */
function reasonOf(error: unknown): string {
  let innermost = error;
  for (let depth = 0; depth < 8 && innermost instanceof Error && innermost.cause; depth++) {
    innermost = innermost.cause;
  }
  return innermost instanceof Error ? innermost.message : String(innermost);
}
