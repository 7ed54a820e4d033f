/**
 * Opens a storage by the location that users name it by.
 *
 * @module
 */
import { resolve } from "@std/path/resolve";
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
   * Time, for heartbeats and for waits.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /**
   * A number from 0 up to 1, for the waits between attempts to reach a remote database.
   *
   * @default {Math.random}
   */
  readonly random?: () => number;
  /**
   * The folder where results for a remote database are kept until it has them. `false`: each
   * commit goes to the database at once, and one that fails ends the session.
   *
   * @default {".dotevals/spool"}
   */
  readonly spool?: string | false;
  /**
   * Bytes that may wait in the spool. When they do, no more items are started until the
   * database has taken some.
   *
   * @default {256_000_000}
   */
  readonly spoolBytes?: number;
  /**
   * For how many milliseconds a session waits for a remote database that does not answer, where
   * it cannot go on without it.
   *
   * @default {60_000}
   */
  readonly patienceMs?: number;
  /**
   * How long an answer of a remote database may take, in milliseconds, besides what sending
   * takes.
   *
   * @default {20_000}
   */
  readonly timeoutMs?: number;
  /**
   * How long a session's hold on its experiment is good without a sign of life, in milliseconds.
   *
   * @default {30_000}
   */
  readonly leaseMs?: number;
}

/** Where results for remote databases are kept until these have them. */
const DEFAULT_SPOOL = ".dotevals/spool";

/**
 * Opens a storage: `file:PATH` or a path that ends in `.db`, `libsql://HOST`, `https://HOST`,
 * `http://HOST` or `memory:`.
 *
 * @throws {DotevalsError} `unknown-storage`; `no-storage` where nothing is there to read;
 * with exit code 3 when it cannot be opened
 *
 * @example
 * ```ts
 * import { openStorage } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * await using storage = await openStorage("memory:", { mode: "write" });
 * const names = (await storage.experiments()).map(({ name }) => name);
 * assertEquals(names, []);
 * ```
 */
export async function openStorage(
  location: string,
  options: OpenStorageOptions,
): Promise<Storage> {
  const { clock = systemClock, random = Math.random, leaseMs } = options;
  const parsed = parseLocation(location);
  const create = options.mode === "write";
  // The code that is evaluated may go to another folder.
  const folder = resolve(options.spool || DEFAULT_SPOOL);
  switch (parsed.type) {
    case "memory": {
      const { memoryStorage } = await import("./memory.ts");
      return memoryStorage({ clock });
    }
    case "file": {
      const { openLibsqlFile } = await import("./libsql_file.ts");
      return await openLibsqlFile({ ...parsed, create, clock, leaseMs });
    }
    case "remote": {
      const { openLibsqlRemote } = await importRemote();
      const spool = options.spool === false ? undefined : folder;
      return await openLibsqlRemote({ ...options, ...parsed, create, clock, random, spool });
    }
  }
}

/** A computed specifier: what a literal one names is loaded at the start, npm packages too. */
async function importRemote(): Promise<typeof import("./libsql_remote.ts")> {
  const specifier: string = "./libsql_remote.ts";
  return await import(specifier);
}
