/**
 * Who may write to an experiment: a row with a token that every write checks, good until it
 * expires on the database's clock.
 *
 * @module
 */
import type { Database } from "./database.ts";
import { hasEnded } from "./ended_sessions.ts";
import type { ProcessIdentity } from "./process_identity.ts";
import { NOW } from "./schema.ts";
import { numberAt, optionalTextAt, rowsOf, type SqlRow, type Statement, textAt } from "./sql.ts";
import type { SessionHolder } from "./storage.ts";
import { fromStoredText, toStoredText } from "./stored_text.ts";

/** How long a lease is good without a sign of life where nothing else is said, in milliseconds. */
export const LEASE_MS = 30_000;

/** Signs of life in a lease's lifetime, from a session that writes nothing. */
export const HEARTBEATS = 3;

/** The part of an experiment that a lease is for: all of it. */
const SHARD = "1/1";

/** A lease, as found. */
export interface Lease {
  readonly token: string;
  readonly host: string;
  readonly pid: number;
  readonly process: ProcessIdentity;
  /** Milliseconds since its last sign of life. */
  readonly age: number;
  readonly expired: boolean;
}

/** Who wants a lease. */
export interface LeaseRequest {
  readonly experiment: string;
  readonly token: string;
  readonly holder: SessionHolder;
  readonly process: ProcessIdentity;
  /** Whether an operating system's lock already shows that nobody else holds it. */
  readonly locked: boolean;
  /** How long the lease is good without a sign of life, in milliseconds. */
  readonly leaseMs: number;
}

/** A lease that was taken, and the session that it is for. */
export interface TakenLease {
  readonly session: number;
  readonly experimentId: number;
}

const COLUMNS = `l.token, l.host, l.pid, l.boot, l.namespace, l.process_start,
  ${NOW} - l.heartbeat_at, l.expires_at <= ${NOW}`;

/**
 * Takes the experiment's lease and starts a session; makes the experiment if need be.
 *
 * The token makes it safe to repeat: who has the lease already keeps it, and its session.
 *
 * @returns what was taken, or the lease that is in the way
 */
export async function takeLease(
  database: Database,
  request: LeaseRequest,
): Promise<TakenLease | Lease> {
  const first = await tryTake(database, request, null);
  if ("session" in first || !await hasEnded(first)) return first;
  return await tryTake(database, request, first.token);
}

/** Takes the lease in one transaction; a lease with the token `dead` is not in the way. */
async function tryTake(
  database: Database,
  request: LeaseRequest,
  dead: string | null,
): Promise<TakenLease | Lease> {
  const { token, holder, process } = request;
  const name = toStoredText(request.experiment);
  const host = toStoredText(holder.host);
  const results = await database.write(
    {
      sql: `INSERT INTO experiments (name, created_at, updated_at) VALUES (?1, ${NOW}, ${NOW})
        ON CONFLICT DO NOTHING`,
      args: [name],
    },
    {
      sql: `INSERT INTO leases (experiment_id, shard, token, host, pid, boot, namespace,
          process_start, heartbeat_at, expires_at)
        SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ${NOW}, ${NOW} + ?11
        FROM experiments WHERE name = ?1
        ON CONFLICT (experiment_id, shard) DO UPDATE SET token = excluded.token,
          host = excluded.host, pid = excluded.pid, boot = excluded.boot,
          namespace = excluded.namespace, process_start = excluded.process_start,
          heartbeat_at = excluded.heartbeat_at, expires_at = excluded.expires_at
        WHERE ?9 OR leases.token IN (?3, ?10) OR leases.expires_at <= ${NOW}`,
      args: [
        name,
        SHARD,
        token,
        host,
        holder.pid,
        process.boot ?? null,
        process.namespace ?? null,
        process.start ?? null,
        request.locked ? 1 : 0,
        dead,
        request.leaseMs,
      ],
    },
    {
      sql: `INSERT INTO sessions (experiment_id, token, host, pid, dotevals_version,
          deno_version, started_at)
        SELECT experiment_id, token, host, pid, ?2, ?3, ${NOW} FROM leases WHERE token = ?1
        ON CONFLICT (token) DO UPDATE SET started_at = excluded.started_at
        RETURNING id, experiment_id`,
      args: [token, toStoredText(holder.version), toStoredText(holder.denoVersion)],
    },
    leaseOf(request.experiment),
  );
  const [session] = rowsOf(results, 2);
  if (session !== undefined) {
    return { session: numberAt(session, 0), experimentId: numberAt(session, 1) };
  }
  return toLease(rowsOf(results, 3)[0] ?? []);
}

/** The lease of an experiment, as {@linkcode toLease} reads it. */
export function leaseOf(experiment: string): Statement {
  return {
    sql: `SELECT ${COLUMNS} FROM leases l JOIN experiments e ON e.id = l.experiment_id
      WHERE e.name = ?1`,
    args: [toStoredText(experiment)],
  };
}

/** All leases, as {@linkcode toLease} reads them. */
export function allLeases(): Statement {
  return { sql: `SELECT ${COLUMNS} FROM leases l` };
}

/** A row of {@linkcode leaseOf}. */
export function toLease(row: SqlRow): Lease {
  return {
    token: textAt(row, 0),
    host: fromStoredText(textAt(row, 1)),
    pid: numberAt(row, 2),
    process: {
      boot: optionalTextAt(row, 3),
      namespace: optionalTextAt(row, 4),
      start: optionalTextAt(row, 5),
    },
    age: numberAt(row, 6),
    expired: numberAt(row, 7) === 1,
  };
}

/** The tokens of leases whose holders are alive as far as can be known. */
export async function liveTokens(rows: readonly SqlRow[]): Promise<ReadonlySet<string>> {
  const leases = rows.map(toLease).filter((lease) => !lease.expired);
  const ended = await Promise.all(leases.map(hasEnded));
  return new Set(leases.filter((_, index) => !ended[index]).map((lease) => lease.token));
}

/** Fails, and with it its transaction, unless the lease is still held; the first of every write. */
export function checkLease(token: string): Statement {
  return { sql: "INSERT INTO lease_checks (token) VALUES (?1)", args: [token] };
}

/** Fails, and with it its transaction, while the experiment has a good lease but this token's. */
export function refuseInUse(experimentId: number, token: string | null): Statement {
  return {
    sql: "INSERT INTO use_checks (experiment_id, token) VALUES (?1, ?2)",
    args: [experimentId, token],
  };
}

/** A sign of life. */
export function renewLease(token: string, leaseMs: number): Statement {
  return {
    sql: `UPDATE leases SET heartbeat_at = ${NOW}, expires_at = ${NOW} + ?2 WHERE token = ?1`,
    args: [token, leaseMs],
  };
}
