/**
 * Opens a remote database; imported when one is opened, because the client is heavy.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { Database, toStorageError } from "./database.ts";
import { LibsqlStorage } from "./libsql_storage.ts";
import { migrate } from "./migrate.ts";
import { openRemoteExecutor } from "./remote_executor.ts";
import type { SqlExecutor } from "./sql.ts";
import type { Storage } from "./storage.ts";

/** Results in one transaction of a remote database: each is one request. */
const COMMIT_SIZE = 1_000;

/** Which database to open, and how. */
export interface LibsqlRemoteOptions {
  readonly url: string;
  /** What messages call it; holds no secret. */
  readonly display: string;
  readonly authToken: string | undefined;
  /** Whether the tables are made where there are none. */
  readonly create: boolean;
  readonly clock: Clock;
}

/** Opens a remote database as a storage. */
export async function openLibsqlRemote(options: LibsqlRemoteOptions): Promise<Storage> {
  const { display, create, clock } = options;
  const database = new Database(connect(options), display);
  try {
    await migrate(database, { create });
  } catch (error) {
    await database.close();
    throw error;
  }
  return new LibsqlStorage(database, { clock, commitSize: COMMIT_SIZE });
}

function connect({ url, authToken, display }: LibsqlRemoteOptions): SqlExecutor {
  try {
    return openRemoteExecutor(url, authToken);
  } catch (error) {
    throw toStorageError(error, display);
  }
}
