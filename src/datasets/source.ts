/**
 * Opens what a dataset is read from.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { resolve } from "@std/path/resolve";
import { messageOf } from "../errors.ts";
import { type Bytes, isGzip, unpacked } from "./bytes.ts";
import { DatasetError } from "./dataset_error.ts";
import { checkDigest, digestOf, refuseChanged } from "./digest.ts";
import { type OpenOptions, openRemote } from "./remote.ts";
import { type RemoteOptions, withoutSecrets } from "./request.ts";

/** How a dataset is opened. */
export interface SourceOptions extends RemoteOptions {
  /**
   * The SHA-256 of the file as it is stored, in hexadecimal. Other content is refused, before the
   * first row.
   */
  readonly sha256?: string | undefined;
}

/**
 * Opens a path, relative to the current directory, or a `file:`, `http:` or `https:` URL, and
 * unpacks it where it is gzip.
 *
 * @throws {DatasetError} naming the path as given, and what it stands for
 */
export async function openSource(
  path: string | URL,
  options: OpenOptions,
): Promise<Bytes> {
  checkDigest(options.sha256);
  return await unpacked(await openPacked(path, options));
}

/**
 * Opens a file itself, at its start, where a path or `file:` URL names one that is not packed; `undefined` for others.
 *
 * @throws {DatasetError} as {@linkcode openSource} does
 */
export async function openUnpacked(
  path: string | URL,
  options: SourceOptions,
): Promise<Deno.FsFile | undefined> {
  checkDigest(options.sha256);
  const local = localPath(path);
  if (local === undefined) return undefined;
  const file = await openFile(local, String(path), options.sha256);
  const head = new Uint8Array(2);
  await file.read(head);
  await file.seek(0, Deno.SeekMode.Start);
  if (!isGzip(head[0], head[1])) return file;
  file.close();
  return undefined;
}

async function openPacked(
  path: string | URL,
  options: OpenOptions,
): Promise<Bytes> {
  const local = localPath(path);
  if (local !== undefined) return (await openFile(local, String(path), options.sha256)).readable;
  const url = asUrl(path);
  if (url?.protocol === "http:" || url?.protocol === "https:") {
    return await openRemote(url, options);
  }
  throw new DatasetError(`No dataset can be read from "${path}".`, {
    code: "dataset-unreadable",
    path: String(path),
    hint: "Give a path, or a URL that begins with file:, http: or https:.",
  });
}

/** The path of what is a file; `undefined` for what is elsewhere. */
function localPath(path: string | URL): string | undefined {
  const url = asUrl(path);
  if (url === undefined) return String(path);
  return url.protocol === "file:" ? fromFileUrl(url) : undefined;
}

/** A path such as `C:\data` is no URL: schemes of one letter are drives. */
function asUrl(path: string | URL): URL | undefined {
  if (path instanceof URL) return path;
  return /^[a-z][a-z0-9+.-]+:/i.test(path) ? URL.parse(path) ?? undefined : undefined;
}

async function openFile(
  path: string,
  given: string,
  sha256: string | undefined,
): Promise<Deno.FsFile> {
  const absolute = resolve(path);
  const named = absolute === given ? `"${given}"` : `"${given}" (${absolute})`;
  try {
    const file = await Deno.open(path);
    if ((await file.stat()).isDirectory) {
      file.close();
      throw new Deno.errors.IsADirectory("it is a folder");
    }
    if (sha256 === undefined) return file;
    file.close();
    refuseChanged(await digestOf((await Deno.open(path)).readable), sha256, given);
    return await Deno.open(path);
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
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

/** The name of a dataset in messages: no password, and no query, which may hold a token. */
export function nameOf(path: string | URL): string {
  const url = asUrl(path);
  return url && url.protocol !== "file:" ? withoutSecrets(url) : String(path);
}
