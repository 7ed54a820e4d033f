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
   * What is done with older tables. A server is others' too, whose older dotevals would be locked out.
   *
   * @default {"migrate"}
   */
  readonly older?: "migrate" | "refuse";
  /**
   * All migrations, in order.
   *
   * @default {MIGRATIONS}
   */
  readonly migrations?: readonly (readonly string[])[];
}

/** The versions of a database's tables. */
export interface Migrated {
  /** Before; 0 where there were none. */
  readonly from: number;
  /** Now. */
  readonly to: number;
}

/**
 * Brings the tables to the newest version, all steps in one transaction.
 *
 * @throws {DotevalsError} `no-storage`, `storage-too-new`, `storage-too-old` or `storage-not-ours`
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<Migrated> {
  const { create, older = "migrate", migrations = MIGRATIONS } = options;
  const { from, to } = await planMigration(database, migrations);
  if (from === 0 && !create) throw noStorage(database.location);
  if (from === to) return { from, to };
  if (from > 0 && older === "refuse") throw tooOld(database.location, from, to);
  const statements = migrations.flatMap((steps, index) =>
    index < from ? [] : [{ sql: insertVersion(index + 1) }, ...steps.map((sql) => ({ sql }))]
  );
  try {
    await database.write(...versionTable(from), ...statements);
  } catch (error) {
    // Another process may have done the same at the same time.
    if (await schemaVersion(database) < to) throw notOurs(error, database.location);
  }
  return { from, to };
}

/**
 * What {@linkcode migrate} would do.
 *
 * @throws {DotevalsError} `storage-too-new`
 */
export async function planMigration(
  database: Database,
  migrations: readonly (readonly string[])[] = MIGRATIONS,
): Promise<Migrated> {
  const from = await schemaVersion(database);
  if (from > migrations.length) throw tooNew(database.location, from, migrations.length);
  return { from, to: migrations.length };
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

function tooOld(location: string, found: number, known: number): DotevalsError {
  return new DotevalsError(
    `The storage ${location} has schema version ${found}; this dotevals reads version ${known}.`,
    {
      code: "storage-too-old",
      hint: 'Bring it to that version with "dotevals storage migrate", or run an evaluation; ' +
        "who shares it then needs this version of dotevals too.",
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
