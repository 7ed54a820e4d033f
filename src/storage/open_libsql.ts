/**
 * Opens databases for what is done to a storage as a whole.
 *
 * @module
 */
import { type Clock, systemClock } from "../clock.ts";
import { DotevalsError } from "../errors.ts";
import type { Database } from "./database.ts";
import type { LibsqlStorage } from "./libsql_storage.ts";
import { parseLocation, type StorageLocation } from "./location.ts";

/** Options of {@linkcode openLibsql}. */
export interface OpenLibsqlOptions {
  /** Whether the database is made where it does not exist. */
  readonly create: boolean;
  readonly authToken?: string | undefined;
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** @default {Math.random} */
  readonly random?: () => number;
}

/** A storage's place that outlives the process. */
export type LibsqlLocation = Exclude<StorageLocation, { readonly type: "memory" }>;

/**
 * Opens a database as a storage whose sessions write to it at once.
 *
 * @throws {DotevalsError} what `openStorage()` throws, and `unknown-storage` for `memory:`
 */
export async function openLibsql(
  location: string,
  options: OpenLibsqlOptions,
): Promise<LibsqlStorage> {
  const { clock = systemClock, random = Math.random } = options;
  const parsed = parseLasting(location);
  if (parsed.type === "file") {
    const { openLibsqlFile } = await importOf<typeof import("./libsql_file.ts")>(
      "./libsql_file.ts",
    );
    return await openLibsqlFile({ ...options, ...parsed, clock });
  }
  const { openLibsqlServer } = await importOf<typeof import("./libsql_remote.ts")>(
    "./libsql_remote.ts",
  );
  return await openLibsqlServer({ ...options, ...parsed, clock, random });
}

/** Opens an existing database whose tables stay as they are, of whatever version. */
export async function openDatabase(
  location: string,
  options: Omit<OpenLibsqlOptions, "create">,
): Promise<Database> {
  const { clock = systemClock, random = Math.random } = options;
  const parsed = parseLasting(location);
  if (parsed.type === "file") {
    const { openFileDatabase } = await importOf<typeof import("./libsql_file.ts")>(
      "./libsql_file.ts",
    );
    return await openFileDatabase({ ...parsed, create: false });
  }
  const { openRemoteDatabase } = await importOf<typeof import("./libsql_remote.ts")>(
    "./libsql_remote.ts",
  );
  return openRemoteDatabase({ ...options, ...parsed, create: false, clock, random });
}

/**
 * Reads a location that outlives the process.
 *
 * @throws {DotevalsError} `unknown-storage`
 */
export function parseLasting(location: string): LibsqlLocation {
  const parsed = parseLocation(location);
  if (parsed.type !== "memory") return parsed;
  throw new DotevalsError('"memory:" holds nothing that outlives a process.', {
    code: "unknown-storage",
    hint: "Name a file or a server: file:PATH, libsql://HOST, https://HOST or http://HOST.",
  });
}

/** A computed specifier: what a literal one names is loaded at the start, npm packages too. */
async function importOf<Exports>(specifier: string): Promise<Exports> {
  return await import(specifier);
}
