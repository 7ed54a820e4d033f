/**
 * Asks servers for datasets.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import { DatasetError } from "./dataset_error.ts";

/** How a dataset is asked for, for `http:` and `https:` URLs. */
export interface RemoteOptions {
  /** Headers of the request, such as an authorization. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * The folder where downloaded files are kept, by their content; `false` keeps none.
   *
   * @default {".dotevals/cache"}
   */
  readonly cache?: string | false | undefined;
  /**
   * Is told when a kept file stands in for a server that cannot be reached.
   *
   * @default {console.warn}
   */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** The answer of a server, whatever its status. */
export async function request(
  url: URL,
  options: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (cause) {
    const shown = withoutSecrets(url);
    throw new DatasetError(`The dataset ${shown} cannot be reached: ${messageOf(cause)}.`, {
      code: "dataset-http",
      path: shown,
      cause,
    });
  }
}

/** The error of an answer that is none. */
export async function refusal(url: URL, response: Response): Promise<DatasetError> {
  await response.body?.cancel();
  const shown = withoutSecrets(url);
  const status = `${response.status} ${response.statusText}`.trim();
  return new DatasetError(`The dataset ${shown} cannot be read: the server answered ${status}.`, {
    code: response.status === 404 ? "dataset-missing" : "dataset-http",
    path: shown,
    hint: response.status === 401 || response.status === 403
      ? "Give what the server asks for in the option headers."
      : undefined,
  });
}

/** A URL as messages show it: no password, and no query, which may hold a token. */
export function withoutSecrets(url: URL): string {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  shown.hash = "";
  if (shown.search !== "") shown.search = "?...";
  return shown.href;
}

/** Tells the user something that is no error. */
export function note(text: string, { onNote }: RemoteOptions): void {
  // deno-lint-ignore no-console -- the console of an evaluation's file is shown beside the progress
  (onNote ?? console.warn)(text);
}
