/**
 * Rows from a query.
 *
 * @module
 */
import { stoppable } from "./stoppable.ts";

/** What a query's `?` or `:name` stands for. */
export type SqlArgument = string | number | bigint | boolean | Uint8Array | null;

/** Options for {@linkcode sql}. */
export interface SqlOptions {
  /** What the query asks. */
  readonly query: string;
  /** What its `?` or `:name` stand for. */
  readonly args?: readonly SqlArgument[] | Readonly<Record<string, SqlArgument>>;
  /** The token for a remote database. */
  readonly authToken?: string;
}

/** Loaded with the first row: the client is large. */
const QUERY = "./sql_query.ts";

/**
 * The rows that a query gives, as objects. Those of a file are read page by page, in a thread of their own; those of a
 * server are kept in a temporary file first.
 *
 * `database` is a libSQL database: `file:PATH`, a path, `libsql://HOST` or `http(s)://HOST`. The query runs anew for each
 * iteration, and changes nothing. Give it an `ORDER BY`. Whole numbers are numbers as far as these are exact, and
 * bigints beyond. The type of the rows is taken on trust.
 *
 * @throws {DatasetError} in the iteration: `dataset-missing` for a file that is not there, else
 * `dataset-unreadable`
 *
 * @example
 * ```ts
 * import { sql } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 * import { createClient } from "@libsql/client";
 *
 * const database = `file:${await Deno.makeTempDir()}/cities.db`;
 * await createClient({ url: database }).executeMultiple(
 *   "CREATE TABLE city (name TEXT, people INT); INSERT INTO city VALUES ('Oslo', 7), ('Rome', 28)",
 * );
 * const query = "SELECT name FROM city WHERE people > ?";
 * const rows = sql<{ name: string }>(database, { query, args: [10] });
 * assertEquals(await Array.fromAsync(rows), [{ name: "Rome" }]);
 * ```
 */
export function sql<Row = Record<string, unknown>>(
  database: string,
  options: SqlOptions,
): AsyncIterable<Row> {
  return stoppable((signal) => rowsOf<Row>(database, options, signal));
}

async function* rowsOf<Row>(
  database: string,
  options: SqlOptions,
  signal: AbortSignal,
): AsyncGenerator<Row, void> {
  const { rowsOfQuery }: typeof import("./sql_query.ts") = await import(QUERY);
  yield* rowsOfQuery(database, options, signal) as AsyncGenerator<Row, void>;
}
