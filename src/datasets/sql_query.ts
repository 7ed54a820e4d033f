/**
 * Runs a dataset's query; imported only where there is one.
 *
 * @module
 */
import { createClient, type InArgs } from "@libsql/client";
import { fromFileUrl } from "@std/path/from-file-url";
import { messageOf } from "../errors.ts";
import { DatasetError } from "./dataset_error.ts";
import { withoutSecrets } from "./request.ts";
import { fileRows } from "./sql_file.ts";
import { rowMaker } from "./sql_rows.ts";
import type { SqlOptions } from "./sql.ts";

/** The rows of a query. */
export async function* rowsOfQuery(
  database: string,
  options: SqlOptions,
  signal: AbortSignal,
): AsyncGenerator<unknown, void> {
  const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(database);
  const remote = isUrl && !database.startsWith("file:") ? URL.parse(database) : null;
  const name = remote ? withoutSecrets(remote) : database;
  const path = isUrl ? pathOf(database) : database;
  if (!remote) await requireFile(path, name);
  try {
    yield* remote ? await remoteRows(database, options) : fileRows(path, options, signal);
  } catch (cause) {
    throw new DatasetError(`The query of the dataset ${name} failed: ${messageOf(cause)}.`, {
      code: "dataset-unreadable",
      path: name,
      cause,
    });
  }
}

/** All rows: a server gives them at once. */
async function remoteRows(
  url: string,
  { query, args, authToken }: SqlOptions,
): Promise<readonly unknown[]> {
  using client = closing(
    createClient({ url, intMode: "bigint", ...authToken !== undefined && { authToken } }),
  );
  using transaction = closing(await client.value.transaction("read"));
  const { columns, rows } = await transaction.value.execute({
    sql: query,
    args: (args ?? []) as InArgs,
  });
  return rows.map(rowMaker(columns));
}

function pathOf(url: string): string {
  return url.startsWith("file:///")
    ? fromFileUrl(url)
    : decodeURIComponent(url.slice("file:".length));
}

/** The library would make a database where there is none. */
async function requireFile(path: string, name: string): Promise<void> {
  try {
    await Deno.stat(path);
  } catch (cause) {
    throw new DatasetError(`There is no database at "${name}".`, {
      code: "dataset-missing",
      path: name,
      hint: "A relative path starts at the current directory.",
      cause,
    });
  }
}

function closing<Value extends { close(): void }>(
  value: Value,
): Disposable & { readonly value: Value } {
  return { value, [Symbol.dispose]: () => value.close() };
}
