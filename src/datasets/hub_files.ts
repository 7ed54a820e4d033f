/**
 * Which Parquet files on the hub are a split.
 *
 * @module
 */
import { DatasetError } from "./dataset_error.ts";
import { type HubSplit, notOnHub, optionsFor } from "./hub.ts";
import type { OpenOptions } from "./remote.ts";
import type { RemoteOptions } from "./request.ts";
import { openSource } from "./source.ts";

const HUB = "https://huggingface.co";

/** A file, and how it is asked for. */
export interface HubFile {
  readonly url: string;
  /** Its content, where the hub says what it is. */
  readonly sha256: string | undefined;
  readonly options: RemoteOptions;
}

/** One entry of a folder, as the hub lists it. */
interface TreeEntry {
  readonly type: string;
  readonly path: string;
  /** Where the file is large: the digest is its SHA-256. */
  readonly lfs?: { readonly oid: string };
}

/** The files of a split, in order; a listing that is kept serves while the hub is away. */
export async function hubFiles(
  part: HubSplit,
  signal: AbortSignal,
): Promise<readonly HubFile[]> {
  const base = (part.baseUrl ?? HUB).replace(/\/$/, "");
  const files = part.revision === undefined
    ? await convertedFiles(base, part, signal)
    : await ownFiles(base, part, signal);
  if (files.length === 0) throw notOnHub(part);
  return files;
}

/** Those that the hub itself made. */
async function convertedFiles(
  base: string,
  part: HubSplit,
  signal: AbortSignal,
): Promise<readonly HubFile[]> {
  const { repository, config, split } = part;
  const path = [config, split].map(encodeURIComponent).join("/");
  const url = `${base}/api/datasets/${repository}/parquet/${path}`;
  const listed = await listing<string>(url, part, signal);
  if (!listed) throw notOnHub(part);
  return listed.map((url) => ({ url, sha256: undefined, options: optionsFor(url, base, part) }));
}

/** Those of the repository, at a revision. */
async function ownFiles(
  base: string,
  part: HubSplit,
  signal: AbortSignal,
): Promise<readonly HubFile[]> {
  const { repository, config, split, revision = "main" } = part;
  const at = encodeURIComponent(revision);
  for (const folder of [config, "data"]) {
    const url = `${base}/api/datasets/${repository}/tree/${at}/${encodeURIComponent(folder)}`;
    const entries = await listing<TreeEntry>(url, part, signal) ?? [];
    const files = entries.filter(({ type, path }) => type === "file" && isPartOf(path, split))
      .map(({ path, lfs }) => {
        const name = path.split("/").map(encodeURIComponent).join("/");
        const url = `${base}/datasets/${repository}/resolve/${at}/${name}`;
        return { url, sha256: lfs?.oid, options: optionsFor(url, base, part) };
      });
    if (files.length > 0) return files;
  }
  return [];
}

/** `test.parquet`, `test-00000-of-00002.parquet`; not `test_more.parquet`. */
function isPartOf(path: string, split: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.endsWith(".parquet") && /^[-.]/.test(name.slice(split.length)) &&
    name.startsWith(split);
}

/** A JSON array of the hub, all pages of it; `undefined` where it has no such thing. */
async function listing<Entry>(
  url: string,
  part: HubSplit,
  signal: AbortSignal,
): Promise<readonly Entry[] | undefined> {
  const entries: Entry[] = [];
  const pages = [url];
  for (const page of pages) {
    const options = { ...optionsFor(page, url, part), signal };
    const { found, next } = await pageAt<Entry>(page, options);
    if (found === undefined) return undefined;
    entries.push(...found);
    if (next !== undefined && !pages.includes(next)) pages.push(next);
  }
  return entries;
}

interface Page<Entry> {
  readonly found: readonly Entry[] | undefined;
  /** Where the next one is. */
  readonly next: string | undefined;
}

async function pageAt<Entry>(url: string, options: OpenOptions): Promise<Page<Entry>> {
  let next: string | undefined;
  const onLink = (link: string) => void (next = nextOf(link, url));
  try {
    const bytes = await openSource(url, { ...options, onLink });
    return { found: await new Response(bytes).json(), next };
  } catch (error) {
    if (!(error instanceof DatasetError)) {
      throw new DatasetError(`The hub answered no JSON at ${url}.`, {
        code: "dataset-unreadable",
        path: url,
        cause: error,
      });
    }
    if (error.code === "dataset-missing") return { found: undefined, next };
    throw error;
  }
}

/** The page that a header `Link` calls the next one (RFC 8288). */
function nextOf(link: string, url: string): string | undefined {
  const [, target] = /<([^>]*)>[^,]*;\s*rel="?next"?/i.exec(link) ?? [];
  return target === undefined ? undefined : URL.parse(target, url)?.href;
}
