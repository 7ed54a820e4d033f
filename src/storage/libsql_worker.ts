/**
 * Runs in a Web Worker: a local database's client is synchronous, and a commit would
 * hold the event loop until the disk has it.
 *
 * @module
 */
import { type Client, createClient } from "@libsql/client/sqlite3";
import { messageOf } from "../errors.ts";
import { errorCode, runBatch } from "./libsql_client.ts";
import type { SqlResult } from "./sql.ts";
import type { WorkerAnswer, WorkerRequest } from "./worker_messages.ts";

/** How long a statement waits for another process's transaction, in milliseconds. */
const BUSY_TIMEOUT = 30_000;

/** Pages that SQLite keeps, in KB; the operating system keeps the others as well, and shares them. */
const CACHE_KB = 8_192;

/** Whether the database has our tables, or none at all. */
const OURS_OR_EMPTY = `SELECT count(*) = 0 OR total(name = 'schema_migrations') > 0
  FROM sqlite_master WHERE type = 'table'`;

let client: Client | undefined;

self.addEventListener("message", (event) => {
  if (event instanceof MessageEvent) void answer(event.data);
});

async function answer(request: WorkerRequest): Promise<void> {
  let reply: WorkerAnswer;
  try {
    reply = { id: request.id, results: await perform(request) };
  } catch (error) {
    reply = { id: request.id, error: { message: messageOf(error), code: errorCode(error) } };
  }
  postToParent(reply);
}

async function perform(request: WorkerRequest): Promise<readonly SqlResult[]> {
  switch (request.type) {
    case "open":
      await open(request.url);
      return [];
    case "run":
      if (client === undefined) throw new Error("The database is not open.");
      return await runBatch(client, request.statements, request.mode);
    case "close":
      await close();
      return [];
  }
}

/** One connection, so that what a PRAGMA sets holds for every statement. */
async function open(url: string): Promise<void> {
  client = createClient({ url, concurrency: 1, timeout: BUSY_TIMEOUT });
  // A database of something else stays as it is.
  const { rows: [found] } = await client.execute(OURS_OR_EMPTY);
  if (Number(found?.[0]) === 1) await client.execute("PRAGMA journal_mode = WAL");
  // `synchronous` stays FULL: what was committed survives a power loss.
  await client.execute(`PRAGMA cache_size = -${CACHE_KB}`);
  // The client would sort a million rows in memory.
  await client.execute("PRAGMA temp_store = FILE");
  await client.execute("PRAGMA wal_autocheckpoint = 16000");
}

/** The client leaves the log beside the file; what is in it goes into the file, if nobody reads. */
async function close(): Promise<void> {
  const closing = client;
  client = undefined;
  try {
    await closing?.execute("PRAGMA busy_timeout = 0");
    await closing?.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    closing?.close();
  }
}

function postToParent(reply: WorkerAnswer): void {
  (self as unknown as { postMessage(message: WorkerAnswer): void }).postMessage(reply);
}
