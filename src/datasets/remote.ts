/**
 * Opens datasets on servers, or what is kept of them.
 *
 * @module
 */
import type { Bytes } from "./bytes.ts";
import { DatasetError } from "./dataset_error.ts";
import { digestOf, refuseChanged } from "./digest.ts";
import { DownloadCache, type KeptFile } from "./download_cache.ts";
import { note, refusal, type RemoteOptions, request, withoutSecrets } from "./request.ts";

/** Where files are kept unless the option `cache` says otherwise. */
const CACHE = ".dotevals/cache";

/** How a URL is opened. */
export interface OpenOptions extends RemoteOptions {
  readonly sha256?: string | undefined;
  readonly signal: AbortSignal;
  /** Is told the header `Link` of the answer, or of the kept one. */
  readonly onLink?: (link: string) => void;
}

/**
 * Opens a URL. A file that was read to its end before is asked for with `If-None-Match`, and read from
 * the cache where it has not changed, or where the server cannot answer. With a `sha256` it is not
 * asked for at all once it is kept.
 *
 * @throws {DatasetError} for what cannot be reached or read, or has changed
 */
export async function openRemote(url: URL, options: OpenOptions): Promise<Bytes> {
  const { cache: folder = CACHE, sha256 } = options;
  const cache = folder === false ? undefined : new DownloadCache(folder);
  if (sha256 === undefined) return await openNewest(url, cache, options);
  const expected = sha256.toLowerCase();
  const kept = await cache?.openWhole(expected);
  if (kept) return kept;
  const bytes = await openNewest(url, cache, { ...options, anew: true });
  if (cache === undefined) {
    const [one, other] = bytes.tee();
    await refuse(one, expected, url);
    return other;
  }
  await refuse(bytes, expected, url);
  return await cache.openWhole(expected) ??
    await openRemote(url, { ...options, cache: false }); // the folder cannot be written to
}

async function refuse(bytes: Bytes, expected: string, url: URL): Promise<void> {
  refuseChanged(await digestOf(bytes), expected, withoutSecrets(url));
}

async function openNewest(
  url: URL,
  cache: DownloadCache | undefined,
  options: OpenOptions & { readonly anew?: boolean },
): Promise<Bytes> {
  const key = JSON.stringify([url.href, options.headers ?? {}]);
  const kept = options.anew ? undefined : await cache?.find(key);
  let response: Response;
  try {
    response = await request(url, {
      headers: { ...options.headers, ...conditions(kept) },
      signal: options.signal,
    });
    if (response.status >= 500 || response.status === 429) throw await refusal(url, response);
  } catch (error) {
    if (!cache || !kept || options.signal.aborted || !(error instanceof DatasetError)) throw error;
    note(`${error.message} The rows are those of its last download.`, options);
    return await openKept(cache, kept, options);
  }
  if (response.status === 304 && cache && kept) {
    await response.body?.cancel();
    return await openKept(cache, kept, options);
  }
  if (!response.ok) throw await refusal(url, response);
  const bytes = response.body ?? new Blob([]).stream();
  const { headers } = response;
  const link = headers.get("link");
  if (link !== null) options.onLink?.(link);
  return await cache?.keeping(bytes, key, {
    etag: headers.get("etag"),
    lastModified: headers.get("last-modified"),
    link,
  }) ?? bytes;
}

async function openKept(
  cache: DownloadCache,
  { sha256, link }: KeptFile,
  { onLink }: OpenOptions,
): Promise<Bytes> {
  if (link) onLink?.(link);
  return await cache.open(sha256);
}

function conditions(kept: KeptFile | undefined): Record<string, string> {
  return {
    ...kept?.etag && { "if-none-match": kept.etag },
    ...kept?.lastModified && { "if-modified-since": kept.lastModified },
  };
}
