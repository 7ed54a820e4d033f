/**
 * The option `--storage`, and the storage that it names.
 *
 * @module
 */
import type { Database } from "../storage/database.ts";
import { DEFAULT_LOCATION } from "../storage/location.ts";
import { openStorage } from "../storage/open.ts";
import { openDatabase, parseLasting } from "../storage/open_libsql.ts";
import type { Storage } from "../storage/storage.ts";
import type { CommandIo } from "./command.ts";
import type { OptionSpecs } from "./option_specs.ts";

/** Where results for a remote storage are kept until it has them. */
export const SPOOL_FOLDER = ".dotevals/spool";

/** The option, for the commands that have it. */
export const storageOption = {
  storage: {
    type: "text",
    value: "LOCATION",
    summary: `where experiments live; DOTEVALS_STORAGE, else ${DEFAULT_LOCATION}`,
  },
} as const satisfies OptionSpecs;

/** The location that is meant: the option's, the environment's, or the default. */
export function storageLocation(option: string | undefined, env: CommandIo["env"]): string {
  return option ?? (env("DOTEVALS_STORAGE") || DEFAULT_LOCATION);
}

/** What a remote database asks for. */
export function storageToken(env: CommandIo["env"]): string | undefined {
  return env("DOTEVALS_AUTH_TOKEN") || env("TURSO_AUTH_TOKEN") || undefined;
}

/** The database of an existing storage, whose tables stay as they are. */
export interface OpenedDatabase extends AsyncDisposable {
  readonly database: Database;
  /** Its file; `undefined` where it is a server's. */
  readonly path: string | undefined;
}

/** Opens the database of the storage, whatever the version of its tables is. */
export async function openDatabaseOption(
  option: string | undefined,
  io: CommandIo,
): Promise<OpenedDatabase> {
  const location = storageLocation(option, io.env);
  const place = parseLasting(location);
  const { env, clock } = io;
  const database = await openDatabase(location, { authToken: storageToken(env), clock });
  return {
    database,
    path: place.type === "file" ? place.path : undefined,
    [Symbol.asyncDispose]: () => database.close(),
  };
}

/** Opens the storage; `read` where it must exist already. */
export async function openStorageOption(
  option: string | undefined,
  { io, mode }: { readonly io: CommandIo; readonly mode: "read" | "write" },
): Promise<Storage> {
  return await openStorage(storageLocation(option, io.env), {
    mode,
    authToken: storageToken(io.env),
    clock: io.clock,
    spool: SPOOL_FOLDER,
  });
}
