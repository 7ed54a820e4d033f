/**
 * Opens a remote database; imported when one is opened, because the client is heavy.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { Database, toStorageError } from "./database.ts";
import { LibsqlStorage } from "./libsql_storage.ts";
import { migrate } from "./migrate.ts";
import { Reach } from "./reach.ts";
import { openRemoteExecutor } from "./remote_executor.ts";
import { Retry } from "./retry.ts";
import { SpooledStorage } from "./spooled_storage.ts";
import type { SqlExecutor } from "./sql.ts";
import type { Storage } from "./storage.ts";

/** Results in one transaction of a remote database: each is one request. */
const COMMIT_SIZE = 1_000;

/** How long a database is tried that nothing is written to, or that is just opened. */
const SHORT_PATIENCE = 1_000;

/** How long a session tries a database that does not answer, in milliseconds. */
const PATIENCE = 60_000;

/** Bytes that wait in a spool before lanes do. */
const SPOOL_BYTES = 256_000_000;

/** Which database to open, and how. */
export interface LibsqlRemoteOptions {
  readonly url: string;
  /** What messages call it; holds no secret. */
  readonly display: string;
  readonly authToken?: string | undefined;
  /** Whether the tables are made where there are none. */
  readonly create: boolean;
  readonly clock: Clock;
  /** A number from 0 up to 1, for the waits between attempts. */
  readonly random: () => number;
  /** Where results wait until the database has them; `undefined` sends them at once. */
  readonly spool?: string | undefined;
  /** @default {256_000_000} */
  readonly spoolBytes?: number | undefined;
  /** @default {60_000} */
  readonly patienceMs?: number | undefined;
  /** @default {20_000} */
  readonly timeoutMs?: number | undefined;
  /** @default {30_000} */
  readonly leaseMs?: number | undefined;
}

/** Opens a remote database as a storage. */
export async function openLibsqlRemote(options: LibsqlRemoteOptions): Promise<Storage> {
  const { clock, random, create, spool, spoolBytes = SPOOL_BYTES, patienceMs = PATIENCE } = options;
  const reach = new Reach(clock);
  const storage = await openWith(options, { reach, patient: create });
  return spool === undefined
    ? storage
    : new SpooledStorage(storage, { clock, random, reach, spool, spoolBytes, patienceMs });
}

/** Opens a remote database as a storage that waits for it, and whose sessions write at once. */
export async function openLibsqlServer(options: LibsqlRemoteOptions): Promise<LibsqlStorage> {
  return await openWith(options, { reach: new Reach(options.clock), patient: true });
}

/** Opens a remote database whose tables stay as they are. */
export function openRemoteDatabase(options: LibsqlRemoteOptions): Database {
  return hastyDatabase(connect(options), options, new Reach(options.clock));
}

async function openWith(
  options: LibsqlRemoteOptions,
  { reach, patient }: { readonly reach: Reach; readonly patient: boolean },
): Promise<LibsqlStorage> {
  const { display, create, clock, random, leaseMs, patienceMs = PATIENCE } = options;
  const executor = connect(options);
  const hasty = hastyDatabase(executor, options, reach);
  try {
    await migrate(hasty, { create, older: create ? "migrate" : "refuse" });
  } catch (error) {
    await hasty.close();
    throw error;
  }
  const database = patient
    ? new Database(executor, display, new Retry({ clock, random, reach, patienceMs }))
    : hasty;
  return new LibsqlStorage(database, { clock, commitSize: COMMIT_SIZE, leaseMs });
}

/** A mistyped address should not take a minute. */
function hastyDatabase(
  executor: SqlExecutor,
  { display, clock, random }: LibsqlRemoteOptions,
  reach: Reach,
): Database {
  return new Database(
    executor,
    display,
    new Retry({ clock, random, reach, patienceMs: SHORT_PATIENCE }),
  );
}

function connect(options: LibsqlRemoteOptions): SqlExecutor {
  try {
    return openRemoteExecutor(options);
  } catch (error) {
    throw toStorageError(error, options.display);
  }
}
