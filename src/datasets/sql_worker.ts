/**
 * Runs in a Web Worker: reading a local database holds its thread until the next rows are there.
 *
 * Not by `@libsql/client`, which holds all rows of a result in memory, but by the library beneath it, which gives one
 * after the other.
 *
 * @module
 */
import Database from "libsql";
import { messageOf } from "../errors.ts";
import type { SqlArgument } from "./sql.ts";
import type { SqlPage, SqlPageRequest } from "./sql_file.ts";
import { rowMaker } from "./sql_rows.ts";

/** Rows at a time. */
const PAGE = 500;

/** How long a query waits for another process's transaction, in milliseconds. */
const BUSY_TIMEOUT = 30_000;

/** A query that is being read. */
interface Reading {
  readonly database: { close(): unknown };
  readonly rowOf: ReturnType<typeof rowMaker>;
  readonly rows: Iterator<unknown>;
}

let reading: Reading | undefined;

self.addEventListener("message", (event) => {
  if (event instanceof MessageEvent) postToParent(answer(event.data));
});

function answer(request: SqlPageRequest): SqlPage {
  try {
    if (request.type === "close") {
      reading?.database.close();
      return { rows: [], isLast: true };
    }
    reading ??= open(request);
    return nextPage(reading);
  } catch (error) {
    return { error: messageOf(error) };
  }
}

function open({ path, query, args }: Extract<SqlPageRequest, { type: "next" }>): Reading {
  const database = new Database(path, { timeout: BUSY_TIMEOUT });
  database.exec("PRAGMA query_only = 1");
  const statement = database.prepare(query);
  statement.safeIntegers(true);
  const columns = statement.columns().map(({ name }) => name);
  if (columns.length === 0) throw new Error("it gives no rows");
  statement.raw(true);
  return { database, rowOf: rowMaker(columns), rows: statement.iterate(argumentsOf(args)) };
}

function nextPage({ rowOf, rows }: Reading): SqlPage {
  const page: unknown[] = [];
  while (page.length < PAGE) {
    const { done, value } = rows.next();
    if (done) return { rows: page, isLast: true };
    page.push(rowOf(Array.isArray(value) ? value : []));
  }
  return { rows: page, isLast: false };
}

/** As the library takes them: no booleans, and names without what stands before them in the query. */
function argumentsOf(args: Extract<SqlPageRequest, { type: "next" }>["args"]): unknown {
  if (Array.isArray(args)) return args.map(bound);
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name.replace(/^[@$:]/, ""), bound(value)]),
  );
}

function bound(value: SqlArgument): unknown {
  return typeof value === "boolean" ? Number(value) : value;
}

function postToParent(page: SqlPage): void {
  (self as unknown as { postMessage(message: SqlPage): void }).postMessage(page);
}
