/**
 * What a vLLM server that answers serves.
 *
 * @module
 */

/** How long a server gets for a small answer, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Where a server answers, and with what. */
export interface ServerAddress {
  /** Without a path: `http://127.0.0.1:8000`. */
  readonly url: string;
  /** The key that it asks for. */
  readonly key: string | undefined;
}

/** A model in a server's list: its name in requests, and the model that was loaded. */
interface ListedModel {
  readonly id: string;
  readonly root?: string | null;
}

/** The names of the models that a server serves, and the one that is `model`. */
export interface ServedModels {
  readonly names: readonly string[];
  /** What requests call the model; its own name, or the one of `--served-model-name`. */
  readonly served: string | undefined;
}

/**
 * Asks a server which models it serves.
 *
 * @throws {Error} where it does not answer, or not with a list of models
 */
export async function servedModels(
  { url, key }: ServerAddress,
  { model, signal }: { readonly model: string; readonly signal: AbortSignal },
): Promise<ServedModels> {
  const response = await fetch(`${url}/v1/models`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    headers: key ? { authorization: `Bearer ${key}` } : {},
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`it answered with status ${response.status}: ${text}`);
  const models = listOf(text);
  const found = models.find(({ id }) => id === model) ?? models.find(({ root }) => root === model);
  return { names: models.map(({ id }) => id), served: found?.id };
}

function listOf(text: string): readonly ListedModel[] {
  const page: { readonly data?: unknown } | null = JSON.parse(text);
  if (!Array.isArray(page?.data)) {
    throw new Error("it answered with something that lists no models");
  }
  return page.data.filter((entry): entry is ListedModel => typeof entry?.id === "string");
}

/** Whether a server says that it is ready; one that is not there is not. */
export async function isHealthy(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
