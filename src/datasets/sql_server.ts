/**
 * Rows of a query on a libSQL server, by a cursor of its protocol (Hrana 3 over HTTP).
 *
 * Not by `@libsql/client`, which holds all rows of a result in memory. They go to a file first: a server does not keep
 * a transaction open for as long as an evaluation runs.
 *
 * @module
 */
import { linesOf } from "./lines.ts";
import { namelessCopy } from "./nameless_file.ts";
import type { SqlArgument, SqlOptions } from "./sql.ts";
import { rowMaker } from "./sql_rows.ts";

/** A value on its way. */
type WireValue =
  | { readonly type: "null" }
  | { readonly type: "integer" | "text"; readonly value: string }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "blob"; readonly base64: string };

/** One line of the answer, behind the first one. */
type CursorEntry =
  | { readonly type: "step_begin"; readonly cols: readonly { readonly name: string | null }[] }
  | { readonly type: "row"; readonly row: readonly WireValue[] }
  | { readonly type: "step_error" | "error"; readonly error: { readonly message: string } }
  | { readonly type: "step_end" };

/** The rows of a query on a server. */
export async function* serverRows(
  server: URL,
  options: SqlOptions,
  signal: AbortSignal,
): AsyncGenerator<unknown, void> {
  const body = await openCursor(server, options, signal);
  if (body === undefined) return;
  using file = await namelessCopy(body, signal);
  let rowOf: ReturnType<typeof rowMaker> | undefined;
  for await (const lines of linesOf(file.readable, server.host, signal)) {
    for (const { number, text } of lines) {
      // The first line says how to go on with the connection.
      if (number === 1 || text === "") continue;
      const entry: CursorEntry = JSON.parse(text);
      if ("error" in entry) throw new Error(entry.error.message);
      if (entry.type === "step_begin" && entry.cols.length > 0) {
        rowOf = rowMaker(entry.cols.map(({ name }) => name ?? ""));
      } else if (entry.type === "row" && rowOf) yield rowOf(entry.row.map(valueOf));
    }
  }
  if (rowOf === undefined && !signal.aborted) throw new Error("it gives no rows");
}

/** Asks; `undefined` where nobody waits for the answer any more. */
async function openCursor(
  server: URL,
  { query, args = [], authToken }: SqlOptions,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined> {
  const token = authToken ?? server.searchParams.get("authToken");
  const named = Array.isArray(args) ? [] : Object.entries(args);
  const statement = {
    sql: query,
    args: Array.isArray(args) ? args.map(wireOf) : [],
    named_args: named.map(([name, value]) => ({ name, value: wireOf(value) })),
    want_rows: true,
  };
  const steps = [
    { stmt: { sql: "BEGIN TRANSACTION READONLY" } },
    { condition: { type: "ok", step: 0 }, stmt: statement },
    { stmt: { sql: "ROLLBACK" } },
  ];
  const response = await fetch(new URL("v3/cursor", httpOf(server)), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...token && { authorization: `Bearer ${token}` },
    },
    body: JSON.stringify({ baton: null, batch: { steps } }),
    signal,
  });
  if (response.ok) return response.body ?? undefined;
  const said = (await response.text()).slice(0, 200).trim();
  throw new Error(`the server answered ${response.status}${said && `: ${said}`}`);
}

/** `libsql:` is `https:`, unless the address says `tls=0`. */
function httpOf(server: URL): URL {
  const isPlain = server.protocol === "http:" || server.protocol === "ws:" ||
    server.searchParams.get("tls") === "0";
  const path = server.pathname.endsWith("/") ? server.pathname : `${server.pathname}/`;
  return new URL(path, `${isPlain ? "http" : "https"}://${server.host}`);
}

function wireOf(value: SqlArgument): WireValue {
  if (value === null) return { type: "null" };
  if (typeof value === "string") return { type: "text", value };
  if (value instanceof Uint8Array) return { type: "blob", base64: value.toBase64() };
  if (typeof value === "number") return { type: "float", value };
  return { type: "integer", value: String(BigInt(value)) };
}

function valueOf(value: WireValue): unknown {
  switch (value.type) {
    case "null":
      return null;
    case "integer":
      return BigInt(value.value);
    case "blob":
      return Uint8Array.fromBase64(value.base64);
    default:
      return value.value;
  }
}
