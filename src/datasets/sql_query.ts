/**
 * Runs a dataset's query; imported only where there is one.
 *
 * @module
 */
import { createClient, type InArgs } from "@libsql/client";
import { fromFileUrl } from "@std/path/from-file-url";
import { messageOf } from "../errors.ts";
import { DatasetError } from "./dataset_error.ts";
import { plainNumbers } from "./plain_numbers.ts";
import { withoutSecrets } from "./request.ts";
import type { SqlOptions } from "./sql.ts";

/** All rows of a query. */
export async function rowsOfQuery(
  database: string,
  { query, args, authToken }: SqlOptions,
): Promise<readonly unknown[]> {
  const url = /^[a-z][a-z0-9+.-]+:/i.test(database) ? database : `file:${database}`;
  const remote = url.startsWith("file:") ? null : URL.parse(url);
  const name = remote ? withoutSecrets(remote) : database;
  if (!remote) await requireFile(url, name);
  try {
    using client = closing(
      createClient({ url, intMode: "bigint", ...authToken !== undefined && { authToken } }),
    );
    using transaction = closing(await client.value.transaction("read"));
    const { columns, rows } = await transaction.value.execute({
      sql: query,
      args: (args ?? []) as InArgs,
    });
    return rows.map((row) =>
      Object.fromEntries(columns.map((column, index) => [column, valueOf(row[index])]))
    );
  } catch (cause) {
    throw new DatasetError(`The query of the dataset ${name} failed: ${messageOf(cause)}.`, {
      code: "dataset-unreadable",
      path: name,
      cause,
    });
  }
}

/** The client would make a database where there is none. */
async function requireFile(url: string, name: string): Promise<void> {
  const path = url.startsWith("file:///") ? fromFileUrl(url) : url.slice("file:".length);
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

function valueOf(value: unknown): unknown {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : plainNumbers(value);
}

function closing<Value extends { close(): void }>(
  value: Value,
): Disposable & { readonly value: Value } {
  return { value, [Symbol.dispose]: () => value.close() };
}
