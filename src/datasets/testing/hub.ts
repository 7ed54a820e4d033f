/**
 * Answers as the Hugging Face hub does, for one dataset at a time.
 *
 * Made after the documentation of the hub's API: `/api/datasets/ID/parquet/CONFIG/SPLIT` lists URLs, `/api/datasets/ID/tree/REVISION/PATH`
 * lists a folder, a page and a header `Link` to the next at a time, `/datasets/ID/resolve/REVISION/PATH` is a file, and `/rows` of the viewer's server gives 100 rows at most.
 *
 * @module
 */
import { parquetWriteBuffer } from "hyparquet-writer";
import { hash } from "node:crypto";
import { serve } from "./server.ts";

/** A split that the hub has. */
export interface HubStandInSplit {
  readonly repository: string;
  readonly config: string;
  readonly split: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** How many files it is in; 1 unless given. */
  readonly files?: number;
  /** The token that is asked for. */
  readonly token?: string;
}

/** A hub on this machine. */
export interface HubStandIn extends AsyncDisposable {
  readonly url: string;
  /** The paths that were asked for, and the status of each answer. */
  readonly requests: string[];
}

/** The longest text that the rows endpoint gives whole here. */
const LONGEST = 1000;

/** Serves splits until the end of the block. */
export function hubOf(splits: readonly HubStandInSplit[]): HubStandIn {
  const requests: string[] = [];
  const server = serve((request) => {
    const url = new URL(request.url);
    const answer = answerTo(url, request, splits);
    requests.push(`${decodeURIComponent(url.pathname)}${url.search} ${answer.status}`);
    return answer;
  });
  return {
    url: server.url,
    requests,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function answerTo(url: URL, request: Request, splits: readonly HubStandInSplit[]): Response {
  if (url.pathname === "/rows") return rowsAnswer(url.searchParams, splits);
  const path = decodeURIComponent(url.pathname);
  for (const split of splits) {
    const { repository, config, token } = split;
    const files = filesOf(split);
    const listing = `/api/datasets/${repository}/parquet/${config}/${split.split}`;
    const folder = `/api/datasets/${repository}/tree/v1/${config}`;
    const own = `/datasets/${repository}/resolve/v1/`;
    const converted = `/datasets/${repository}/resolve/refs/convert/parquet/`;
    const file = files.find(({ path: at }) => path === own + at || path === converted + at);
    if (path !== listing && path !== folder && !file) continue;
    if (token !== undefined && request.headers.get("authorization") !== `Bearer ${token}`) {
      return Response.json({ error: "Access to this dataset is restricted." }, { status: 401 });
    }
    if (file) return fileAnswer(file.content, request);
    if (path === folder) {
      return folderAnswer(url, splits.filter((other) => other.config === config).flatMap(filesOf));
    }
    const prefix = `${url.origin}/datasets/${repository}/resolve/refs%2Fconvert%2Fparquet/`;
    return Response.json(files.map(({ path }) => prefix + path));
  }
  return Response.json({ error: "Not found" }, { status: 404 });
}

/** So many entries of a folder at a time; the hub gives 1,000. */
const PAGE = 2;

function folderAnswer(url: URL, files: ReturnType<typeof filesOf>): Response {
  const start = Number(url.searchParams.get("cursor"));
  const entries = files.slice(start, start + PAGE).map(({ path, content }) => ({
    type: "file",
    path,
    size: content.length,
    lfs: { oid: hash("sha256", content, "hex"), size: content.length },
  }));
  const next = `${url.origin}${url.pathname}?cursor=${start + PAGE}`;
  const hasMore = start + PAGE < files.length;
  return Response.json(entries, { headers: hasMore ? { link: `<${next}>; rel="next"` } : {} });
}

function fileAnswer(content: Uint8Array<ArrayBuffer>, request: Request): Response {
  const etag = `"${hash("sha256", content, "hex")}"`;
  return request.headers.get("if-none-match") === etag
    ? new Response(null, { status: 304, headers: { etag } })
    : new Response(content, { headers: { etag } });
}

function filesOf(
  { config, split, rows, files = 1 }: HubStandInSplit,
): readonly { readonly path: string; readonly content: Uint8Array<ArrayBuffer> }[] {
  const size = Math.ceil(rows.length / files);
  const number = (n: number) => String(n).padStart(5, "0");
  return Array.from({ length: files }, (_, file) => ({
    path: `${config}/${split}-${number(file)}-of-${number(files)}.parquet`,
    content: parquetOf(rows.slice(file * size, (file + 1) * size)),
  }));
}

function parquetOf(rows: HubStandInSplit["rows"]): Uint8Array<ArrayBuffer> {
  const columnData = Object.keys(rows[0] ?? {}).map((name) => ({
    name,
    // The hub has whole numbers as INT64, which a reader gives as bigints.
    data: rows.map((row) => typeof row[name] === "number" ? BigInt(row[name]) : row[name]),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function rowsAnswer(query: URLSearchParams, splits: readonly HubStandInSplit[]): Response {
  const found = splits.find(({ repository, config, split }) =>
    repository === query.get("dataset") && config === query.get("config") &&
    split === query.get("split")
  );
  if (!found) return Response.json({ error: "The split does not exist." }, { status: 404 });
  const offset = Number(query.get("offset"));
  const length = Number(query.get("length"));
  if (length > 100) {
    return Response.json({ error: "Parameter 'length' must not exceed 100" }, { status: 422 });
  }
  return Response.json({
    features: Object.keys(found.rows[0] ?? {}).map((name, feature_idx) => ({ feature_idx, name })),
    rows: found.rows.slice(offset, offset + length).map((row, index) => {
      const long = Object.keys(row).filter((name) => String(row[name]).length > LONGEST);
      const cut = long.map((name) => [name, String(row[name]).slice(0, LONGEST)]);
      return {
        row_idx: offset + index,
        row: { ...row, ...Object.fromEntries(cut) },
        truncated_cells: long,
      };
    }),
    num_rows_total: found.rows.length,
    num_rows_per_page: 100,
    partial: false,
  });
}
