/**
 * Brings a database's tables to the version that this code knows.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import type { Database } from "./database.ts";
import { MIGRATIONS, NOW } from "./schema.ts";
import { numberAt, type Statement } from "./sql.ts";

/** What {@linkcode migrate} takes beside the database. */
export interface MigrateOptions {
  /** Whether tables are made in a database that has none. */
  readonly create: boolean;
  /**
   * All migrations, in order.
   *
   * @default {MIGRATIONS}
   */
  readonly migrations?: readonly (readonly string[])[];
}

/**
 * Brings the tables to the newest version.
 *
 * @throws {DotevalsError} `no-storage`, `storage-too-new` or `storage-not-ours`
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<void> {
  const { create, migrations = MIGRATIONS } = options;
  const before = await schemaVersion(database);
  if (before === 0 && !create) throw noStorage(database.location);
  if (before > migrations.length) throw tooNew(database.location, before, migrations.length);
  if (before === migrations.length) return;
  const statements = migrations.flatMap((steps, index) =>
    index < before ? [] : [{ sql: insertVersion(index + 1) }, ...steps.map((sql) => ({ sql }))]
  );
  try {
    await database.write(...versionTable(before), ...statements);
  } catch (error) {
    // Another process may have done the same at the same time.
    if (await schemaVersion(database) < migrations.length) throw notOurs(error, database.location);
  }
}

/** The error for a location that holds nothing of ours. */
export function noStorage(location: string): DotevalsError {
  return new DotevalsError(`There is no storage at ${location}.`, {
    code: "no-storage",
    hint:
      "Run an evaluation first, or name the storage that holds your experiments with --storage.",
  });
}

async function schemaVersion(database: Database): Promise<number> {
  try {
    const [row = []] = await database.rows({ sql: "SELECT max(version) FROM schema_migrations" });
    return numberAt(row, 0);
  } catch (error) {
    // Asking first would be one more round trip for each command.
    if (error instanceof DotevalsError && error.message.includes("no such table")) return 0;
    throw error;
  }
}

function versionTable(before: number): readonly Statement[] {
  return before > 0 ? [] : [{
    sql: `CREATE TABLE IF NOT EXISTS schema_migrations (
      version INTEGER PRIMARY KEY,
      applied_at INTEGER NOT NULL
    )`,
  }];
}

function insertVersion(version: number): string {
  return `INSERT INTO schema_migrations (version, applied_at) VALUES (${version}, ${NOW})`;
}

function tooNew(location: string, found: number, known: number): DotevalsError {
  return new DotevalsError(
    `The storage ${location} has schema version ${found}; this dotevals knows up to ${known}.`,
    {
      code: "storage-too-new",
      hint: "Use a newer dotevals, or name another storage with --storage.",
      exitCode: 3,
    },
  );
}

/** Tables of somebody else are in the way; any other failure stays as it is. */
function notOurs(error: unknown, location: string): unknown {
  if (!(error instanceof DotevalsError) || !error.message.includes("already exists")) return error;
  return new DotevalsError(
    `The database ${location} holds tables of something else: ${error.message}`,
    {
      code: "storage-not-ours",
      hint: "Name another database with --storage.",
      exitCode: 3,
      cause: error,
    },
  );
}
