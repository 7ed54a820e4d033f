/**
 * What local and remote libSQL clients have in common.
 *
 * @module
 */
import type { Client, InValue, ResultSet } from "@libsql/client";
import type { SqlResult, SqlValue, Statement } from "./sql.ts";

/** Runs statements in one transaction of a client. */
export async function runBatch(
  client: Client,
  statements: readonly Statement[],
  mode: "read" | "write",
): Promise<readonly SqlResult[]> {
  const prepared = statements.map(({ sql, args = [] }) => ({ sql, args: args.map(toArgument) }));
  const [only] = prepared;
  // A statement alone is a transaction by itself.
  const results = only !== undefined && prepared.length === 1 && mode === "read"
    ? [await client.execute(only)]
    : await client.batch(prepared, mode);
  return results.map(toResult);
}

/** The client passes every number on as a REAL; as a bigint it becomes an INTEGER. */
function toArgument(value: SqlValue): InValue {
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function toResult(set: ResultSet): SqlResult {
  const width = set.columns.length;
  return {
    rows: set.rows.map((row) => Array.from({ length: width }, (_, column) => toValue(row[column]))),
    changes: set.rowsAffected,
  };
}

function toValue(value: ResultSet["rows"][number][number] | undefined): SqlValue {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw new TypeError("A blob was selected where its hexadecimal text is expected.");
}

/** The code of what a client threw. */
export function errorCode(thrown: unknown): string {
  return typeof thrown === "object" && thrown !== null && "code" in thrown
    ? String(thrown.code)
    : "UNKNOWN";
}
