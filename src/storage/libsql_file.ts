/**
 * Opens a local database file; imported when one is opened, because the client is heavy.
 *
 * @module
 */
import { dirname } from "@std/path/dirname";
import type { Clock } from "../clock.ts";
import { Database, toStorageError } from "./database.ts";
import { openFileExecutor } from "./file_executor.ts";
import { isReadOnly, refuseCutOff } from "./file_state.ts";
import { type ExperimentLocks, LibsqlStorage } from "./libsql_storage.ts";
import { tryLockFile } from "./lock_file.ts";
import { migrate, noStorage } from "./migrate.ts";
import { shardName, WHOLE } from "./shard.ts";
import { SqlError, type SqlExecutor } from "./sql.ts";

/** Results in one transaction of a local file. */
const COMMIT_SIZE = 1_000;

/** Which file to open, and how. */
export interface LibsqlFileOptions {
  /** Absolute. */
  readonly path: string;
  /** What messages call it. */
  readonly display: string;
  /** Whether the file is made where it does not exist. */
  readonly create: boolean;
  readonly clock: Clock;
  /** @default {30_000} */
  readonly leaseMs?: number | undefined;
}

/** Opens a database file as a storage. */
export async function openLibsqlFile(options: LibsqlFileOptions): Promise<LibsqlStorage> {
  const { create, clock, leaseMs } = options;
  const database = await openFileDatabase(options);
  try {
    await migrate(database, { create });
  } catch (error) {
    await database.close();
    throw error;
  }
  return new LibsqlStorage(database, {
    clock,
    commitSize: COMMIT_SIZE,
    leaseMs,
    locks: locksBeside({ ...options, path: await Deno.realPath(options.path) }),
  });
}

/** Opens a database file whose tables stay as they are. */
export async function openFileDatabase(
  options: Pick<LibsqlFileOptions, "path" | "display" | "create">,
): Promise<Database> {
  return new Database(await openFile(options), options.display);
}

async function openFile(
  { path, display, create }: Pick<LibsqlFileOptions, "path" | "display" | "create">,
): Promise<SqlExecutor> {
  try {
    if (create) await Deno.mkdir(dirname(path), { recursive: true });
    else await Deno.stat(path);
    await refuseCutOff(path);
    return await openFileExecutor(path);
  } catch (error) {
    if (!create && error instanceof Deno.errors.NotFound) throw noStorage(display);
    throw toStorageError(await notOpened(fromSystem(error), path), display);
  }
}

/** What cannot be opened is often what cannot be written: SQLite does not say. */
async function notOpened(error: unknown, path: string): Promise<unknown> {
  if (!(error instanceof SqlError && error.code.startsWith("SQLITE_CANTOPEN"))) return error;
  return await isReadOnly(path) ? new SqlError("it is read-only", "SQLITE_READONLY") : error;
}

/** A failure of the file system in the words of the database. */
function fromSystem(error: unknown): unknown {
  if (error instanceof SqlError || !(error instanceof Error)) return error;
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOSPC") return new SqlError(error.message, "SQLITE_FULL");
  const denied = error instanceof Deno.errors.PermissionDenied || code === "EROFS";
  return new SqlError(error.message, denied ? "SQLITE_READONLY" : "SQLITE_CANTOPEN");
}

/**
 * One lock file for each experiment, and for each shard of one, beside the database: `path` is that
 * which links lead to, so that all names of a database share its locks.
 */
function locksBeside({ path, display }: LibsqlFileOptions): ExperimentLocks {
  return {
    async tryLock(experiment, { shard, holder }) {
      const digest = await crypto.subtle.digest("SHA-256", encodeName(experiment));
      const name = new Uint8Array(digest).slice(0, 8).toHex();
      const part = shard === shardName(WHOLE) ? "" : `-${shard.replace("/", "of")}`;
      const contents = JSON.stringify({ experiment, shard, ...holder });
      try {
        return await tryLockFile(`${path}-${name}${part}.lock`, contents);
      } catch (error) {
        throw toStorageError(fromSystem(error), display);
      }
    },
  };
}

/** UTF-16, which keeps lone surrogates apart. */
function encodeName(experiment: string): Uint8Array<ArrayBuffer> {
  const { length } = experiment;
  const units = Uint16Array.from({ length }, (_, index) => experiment.charCodeAt(index));
  return new Uint8Array(units.buffer);
}
