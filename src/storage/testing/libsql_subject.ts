/**
 * A libSQL storage under test, local or remote.
 *
 * @module
 */
import { openStorage } from "../open.ts";
import { NOW } from "../schema.ts";
import type { SqlExecutor } from "../sql.ts";
import type { StorageUnderTest } from "./storage_case.ts";

/** Where the storage under test is, and how to reach its database past it. */
export interface LibsqlPlace extends AsyncDisposable {
  readonly location: string;
  /** Characters of the largest text that it must take. */
  readonly largestText: number;
  /** Opens the bare database. */
  execute(): Promise<SqlExecutor>;
}

/** Opens a storage at an empty place; disposing it disposes the place too. */
export async function openSubject(place: LibsqlPlace): Promise<StorageUnderTest> {
  const connections = new AsyncDisposableStack();
  connections.use(place);
  async function connect() {
    return connections.use(await openStorage(place.location, { mode: "write", spool: false }));
  }
  return {
    storage: await connect(),
    connect,
    largestText: place.largestText,
    async steal(experiment) {
      const executor = await place.execute();
      await executor.run([{
        sql: `UPDATE leases SET token = 'stolen', host = 'thief', pid = 4711, process_start = NULL,
          heartbeat_at = ${NOW}, expires_at = ${NOW} + 30000
          WHERE experiment_id = (SELECT id FROM experiments WHERE name = ?1)`,
        args: [experiment],
      }], "write");
      await executor.close();
    },
    [Symbol.asyncDispose]: () => connections.disposeAsync(),
  };
}
