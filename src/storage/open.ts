/**
 * Opens a storage by the location that users name it by.
 *
 * @module
 */
import { type Clock, systemClock } from "../clock.ts";
import { parseLocation } from "./location.ts";
import type { Storage } from "./storage.ts";

/** Options of {@linkcode openStorage}. */
export interface OpenStorageOptions {
  /**
   * `write`: made where it does not exist. `read`: it must exist, as for all that only looks
   * at, renames or deletes experiments.
   */
  readonly mode: "read" | "write";
  /** What a remote database asks for. */
  readonly authToken?: string | undefined;
  /**
   * Time, for heartbeats.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/**
 * Opens a storage: `file:PATH` or a path that ends in `.db`, `libsql://HOST`, `https://HOST`,
 * `http://HOST` or `memory:`.
 *
 * @throws {DotevalsError} `unknown-storage`; `no-storage` where nothing is there to read;
 * with exit code 3 when it cannot be opened
 */
export async function openStorage(
  location: string,
  options: OpenStorageOptions,
): Promise<Storage> {
  const { mode, authToken, clock = systemClock } = options;
  const parsed = parseLocation(location);
  const create = mode === "write";
  switch (parsed.type) {
    case "memory": {
      const { memoryStorage } = await import("./memory.ts");
      return memoryStorage({ clock });
    }
    case "file": {
      const { openLibsqlFile } = await import("./libsql_file.ts");
      return await openLibsqlFile({ ...parsed, create, clock });
    }
    case "remote": {
      const { openLibsqlRemote } = await importRemote();
      return await openLibsqlRemote({ ...parsed, authToken, create, clock });
    }
  }
}

/** A computed specifier: what a literal one names is loaded at the start, npm packages too. */
async function importRemote(): Promise<typeof import("./libsql_remote.ts")> {
  const specifier: string = "./libsql_remote.ts";
  return await import(specifier);
}
