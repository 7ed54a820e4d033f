/**
 * How storage talks to a libSQL database, wherever it is.
 *
 * @module
 */

/** What goes into a statement and comes out of a row; blobs travel as hexadecimal text. */
export type SqlValue = string | number | null;

/** One SQL statement; its values stand for `?1`, `?2`, … */
export interface Statement {
  readonly sql: string;
  readonly args?: readonly SqlValue[];
}

/** What one statement gave. */
export interface SqlResult {
  readonly rows: readonly SqlRow[];
  /** Rows that it inserted, updated or deleted. */
  readonly changes: number;
}

/** A row, by column from 0. */
export type SqlRow = readonly SqlValue[];

/** Runs statements in one transaction: all of them, or none. */
export interface SqlExecutor {
  /** @throws {SqlError} */
  run(statements: readonly Statement[], mode: "read" | "write"): Promise<readonly SqlResult[]>;
  /** Ends the connection; a second call does nothing. */
  close(): Promise<void>;
}

/** A statement, or the connection, failed. */
export class SqlError extends Error {
  /** SQLite's name for it, `UNREACHABLE` or `UNAUTHORIZED`. */
  readonly code: string;

  /** Makes an error from SQLite's or the network's message. */
  constructor(message: string, code: string) {
    super(message);
    this.name = "SqlError";
    this.code = code;
  }
}

/** A column that holds text. */
export function textAt(row: SqlRow, column: number): string {
  return String(row[column] ?? "");
}

/** A column that holds text, or nothing. */
export function optionalTextAt(row: SqlRow, column: number): string | undefined {
  const value = row[column] ?? null;
  return value === null ? undefined : String(value);
}

/** A column that holds a number; 0 where there is none. */
export function numberAt(row: SqlRow, column: number): number {
  return Number(row[column] ?? 0);
}

/** The rows of one of a transaction's statements. */
export function rowsOf(results: readonly SqlResult[], statement: number): readonly SqlRow[] {
  return results[statement]?.rows ?? [];
}

/** The number that one of a transaction's statements gave as its first; 0 where it gave no row. */
export function countOf(results: readonly SqlResult[], statement: number): number {
  return numberAt(rowsOf(results, statement)[0] ?? [], 0);
}
