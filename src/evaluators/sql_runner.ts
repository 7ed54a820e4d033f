/**
 * Runs two queries on a libSQL database; the main module of a process of its own.
 *
 * Reads a `QueriedDatabase` from its input, and prints a `QueriedRows` as tagged JSON.
 *
 * @module
 */
import { type Client, createClient } from "@libsql/client";
import { encode } from "../values/tagged.ts";
import type { QueriedDatabase, QueriedRows, QueryRows } from "./sql_match.ts";

/** Runs a query; what it throws is its error. */
type Query = (sql: string) => Promise<QueryRows>;

async function main(): Promise<void> {
  const given: QueriedDatabase = JSON.parse(await new Response(Deno.stdin.readable).text());
  const { database, authToken } = given;
  const client = createClient({
    url: database ?? ":memory:",
    intMode: "bigint",
    ...authToken !== undefined && { authToken },
  });
  const rows =
    await (database === undefined ? inMemory(client, given) : inTransaction(client, given));
  await Deno.stdout.write(new TextEncoder().encode(encode(rows)));
  Deno.exit(0);
}

/** A database of its own: what a query does to it does not matter. */
async function inMemory(client: Client, given: QueriedDatabase): Promise<QueriedRows> {
  await client.executeMultiple(given.setup ?? "");
  return await both(given, (sql) => client.execute(sql).then(({ rows }) => rows.map(valuesOf)));
}

/** A database that is to stay as it is. */
async function inTransaction(client: Client, given: QueriedDatabase): Promise<QueriedRows> {
  const transaction = await client.transaction("read");
  try {
    return await both(
      given,
      (sql) => transaction.execute(sql).then(({ rows }) => rows.map(valuesOf)),
    );
  } finally {
    transaction.close();
  }
}

async function both(given: QueriedDatabase, query: Query): Promise<QueriedRows> {
  // In this order: the other one is a model's.
  const expected = await query(given.expected);
  try {
    return { expected, actual: await query(given.actual) };
  } catch (error) {
    return { expected, error: error instanceof Error ? error.message : String(error) };
  }
}

function valuesOf(row: ArrayLike<unknown>): readonly unknown[] {
  return Array.from(row, (value) => value instanceof ArrayBuffer ? new Uint8Array(value) : value);
}

if (import.meta.main) await main();
