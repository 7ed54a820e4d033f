/**
 * Gives back the room that deleted rows took.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import type { Database } from "./database.ts";
import { sizeOf } from "./file_state.ts";
import { liveLeases } from "./live_leases.ts";
import { noStorage, planMigration } from "./migrate.ts";
import { countOf } from "./sql.ts";

/** Options of {@linkcode vacuum}. */
export interface VacuumOptions {
  /** The database's file; `undefined` where it is a server's. */
  readonly path: string | undefined;
}

/** Bytes that a database takes. */
export interface Vacuumed {
  readonly before: number;
  readonly after: number;
}

/**
 * Writes the database anew without the room that is free in it.
 *
 * @throws {DotevalsError} `no-storage`; `storage-in-use` while a session writes to it;
 * `vacuum-refused` by servers that do not let their clients do this
 */
export async function vacuum(
  database: Database,
  { path }: VacuumOptions,
): Promise<Vacuumed> {
  if ((await planMigration(database)).from === 0) throw noStorage(database.location);
  const [lease] = await liveLeases(database);
  if (lease !== undefined) {
    throw new DotevalsError(
      `The storage ${database.location} is in use: process ${lease.pid} on ${lease.host} writes ` +
        `to the experiment ${JSON.stringify(lease.experiment)}.`,
      {
        code: "storage-in-use",
        hint: "Vacuum it when that session has ended.",
        exitCode: 3,
      },
    );
  }
  const before = await bytesOf(database, path);
  if (path === undefined) await askServer(database);
  else {
    // Each alone: neither can be part of a transaction.
    await database.rows({ sql: "VACUUM" });
    await database.rows({ sql: "PRAGMA wal_checkpoint(TRUNCATE)" });
  }
  return { before, after: await bytesOf(database, path) };
}

async function askServer(database: Database): Promise<void> {
  try {
    await database.rows({ sql: "VACUUM" });
  } catch (error) {
    if (!(error instanceof DotevalsError) || error.code !== "storage-failed") throw error;
    throw new DotevalsError(
      `The server of ${database.location} does not let its clients vacuum a database.`,
      {
        code: "vacuum-refused",
        hint:
          "It uses the room of what was deleted for what comes. For a smaller database, copy it " +
          'to a new one with "dotevals storage copy".',
        exitCode: 3,
        cause: error,
      },
    );
  }
}

async function bytesOf(database: Database, path: string | undefined): Promise<number> {
  if (path !== undefined) return await sizeOf(path) + await sizeOf(`${path}-wal`);
  const results = await database.read({ sql: "PRAGMA page_count" }, { sql: "PRAGMA page_size" });
  const [pages, size] = [0, 1].map((at) => countOf(results, at));
  return (pages ?? 0) * (size ?? 0);
}
