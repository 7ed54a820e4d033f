/**
 * Opens what a dataset is read from.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { resolve } from "@std/path/resolve";
import { messageOf } from "../errors.ts";
import { DatasetError } from "./dataset_error.ts";

/** How a dataset is opened. */
export interface SourceOptions {
  /** Headers of the request, such as an authorization; only for `http:` and `https:` URLs. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The bytes of a file or of an HTTP answer. */
export type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/**
 * Opens a path, relative to the current directory, or a `file:`, `http:` or `https:` URL.
 *
 * @throws {DatasetError} naming the path as given, and what it stands for
 */
export async function openSource(
  path: string | URL,
  options: SourceOptions & { readonly signal: AbortSignal },
): Promise<Bytes> {
  const url = asUrl(path);
  if (url === undefined) return await openFile(String(path), String(path));
  switch (url.protocol) {
    case "file:":
      return await openFile(fromFileUrl(url), String(path));
    case "http:":
    case "https:":
      return await request(url, options);
    default:
      throw new DatasetError(`No dataset can be read from "${path}".`, {
        code: "dataset-unreadable",
        path: String(path),
        hint: "Give a path, or a URL that begins with file:, http: or https:.",
      });
  }
}

/** A path such as `C:\data` is no URL: schemes of one letter are drives. */
function asUrl(path: string | URL): URL | undefined {
  if (path instanceof URL) return path;
  return /^[a-z][a-z0-9+.-]+:/i.test(path) ? URL.parse(path) ?? undefined : undefined;
}

async function openFile(path: string, given: string): Promise<Bytes> {
  const absolute = resolve(path);
  const named = absolute === given ? `"${given}"` : `"${given}" (${absolute})`;
  try {
    const file = await Deno.open(path);
    if ((await file.stat()).isDirectory) {
      file.close();
      throw new Deno.errors.IsADirectory("it is a folder");
    }
    return file.readable;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new DatasetError(`There is no dataset at ${named}.`, {
        code: "dataset-missing",
        path: given,
        hint: "A relative path starts at the current directory; for one that starts at the " +
          'evaluation\'s file write new URL("./rows.jsonl", import.meta.url).',
        cause,
      });
    }
    throw new DatasetError(`The dataset ${named} cannot be read: ${messageOf(cause)}.`, {
      code: "dataset-unreadable",
      path: given,
      cause,
    });
  }
}

async function request(
  url: URL,
  options: SourceOptions & { readonly signal: AbortSignal },
): Promise<Bytes> {
  const shown = withoutSecrets(url);
  let response: Response;
  try {
    response = await fetch(url, { headers: { ...options.headers }, signal: options.signal });
  } catch (cause) {
    throw new DatasetError(`The dataset ${shown} cannot be reached: ${messageOf(cause)}.`, {
      code: "dataset-http",
      path: shown,
      cause,
    });
  }
  if (response.ok) return response.body ?? new Blob([]).stream();
  await response.body?.cancel();
  const status = `${response.status} ${response.statusText}`.trim();
  throw new DatasetError(`The dataset ${shown} cannot be read: the server answered ${status}.`, {
    code: response.status === 404 ? "dataset-missing" : "dataset-http",
    path: shown,
    hint: response.status === 401 || response.status === 403
      ? "Give what the server asks for in the option headers."
      : undefined,
  });
}

/** The name of a dataset in messages: no password, and no query, which may hold a token. */
export function nameOf(path: string | URL): string {
  const url = asUrl(path);
  return url && url.protocol !== "file:" ? withoutSecrets(url) : String(path);
}

function withoutSecrets(url: URL): string {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  shown.hash = "";
  if (shown.search !== "") shown.search = "?...";
  return shown.href;
}
