/**
 * Which sessions write to a storage now, and which left without giving their experiment free.
 *
 * @module
 */
import type { Database } from "./database.ts";
import { allLeases, type Lease, liveTokens, toLease } from "./lease.ts";
import { rowsOf, textAt } from "./sql.ts";
import { fromStoredText } from "./stored_text.ts";

/** A lease, and the experiment that it is for. */
export interface NamedLease extends Lease {
  readonly experiment: string;
  /** Whether its holder is alive as far as can be known. */
  readonly live: boolean;
}

/** All leases of a storage. */
export async function namedLeases(database: Database): Promise<readonly NamedLease[]> {
  const results = await database.read(allLeases(), {
    sql: "SELECT l.token, x.name FROM leases l JOIN experiments x ON x.id = l.experiment_id",
  });
  const names = new Map(rowsOf(results, 1).map((row) => [textAt(row, 0), textAt(row, 1)]));
  const live = await liveTokens(rowsOf(results, 0));
  return rowsOf(results, 0).map(toLease).map((lease) => ({
    ...lease,
    experiment: fromStoredText(names.get(lease.token) ?? ""),
    live: live.has(lease.token),
  }));
}

/** Those whose holder is alive. */
export async function liveLeases(database: Database): Promise<readonly NamedLease[]> {
  return (await namedLeases(database)).filter(({ live }) => live);
}
