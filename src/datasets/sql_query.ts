/**
 * Runs a dataset's query; imported only where there is one.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { messageOf } from "../errors.ts";
import { DatasetError } from "./dataset_error.ts";
import { withoutSecrets } from "./request.ts";
import { fileRows } from "./sql_file.ts";
import { serverRows } from "./sql_server.ts";
import type { SqlOptions } from "./sql.ts";

/** The rows of a query. */
export async function* rowsOfQuery(
  database: string,
  options: SqlOptions,
  signal: AbortSignal,
): AsyncGenerator<unknown, void> {
  const url = /^[a-z][a-z0-9+.-]+:/i.test(database) ? URL.parse(database) : null;
  const isFile = url === null || url.protocol === "file:";
  const name = isFile ? database : withoutSecrets(url);
  if (isFile) await requireFile(pathOf(database), name);
  try {
    yield* isFile ? fileRows(pathOf(database), options, signal) : serverRows(url, options, signal);
  } catch (cause) {
    if (signal.aborted) return;
    throw new DatasetError(`The query of the dataset ${name} failed: ${messageOf(cause)}.`, {
      code: "dataset-unreadable",
      path: name,
      cause,
    });
  }
}

/** The path that `file:…` or a path names. */
function pathOf(database: string): string {
  if (!database.startsWith("file:")) return database;
  return database.startsWith("file:///")
    ? fromFileUrl(database)
    : decodeURIComponent(database.slice("file:".length));
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
