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
import { shardCount } from "./shard.ts";
import { numberAt, optionalTextAt, rowsOf, type SqlRow, type Statement, textAt } from "./sql.ts";
import type { SessionHolder } from "./storage.ts";
import { fromStoredText, toStoredText } from "./stored_text.ts";

/** How long a lease is good without a sign of life where nothing else is said, in milliseconds. */
export const LEASE_MS = 30_000;

/** Signs of life in a lease's lifetime, from a session that writes nothing. */
export const HEARTBEATS = 3;

/** A lease, as found. */
export interface Lease {
  readonly token: string;
  /** The shard's name; `1/1` is all of the experiment. */
  readonly shard: string;
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
  /** The shard's name. */
  readonly shard: string;
  readonly token: string;
  readonly holder: SessionHolder;
  readonly process: ProcessIdentity;
  /** Whether the holder of a lease is known to be gone for good. */
  readonly hasEnded: (lease: Lease) => Promise<boolean>;
  /** Whether nothing but that counts: a lease that has expired is in the way nevertheless. */
  readonly outlasting: boolean;
  /** How long the lease is good without a sign of life, in milliseconds. */
  readonly leaseMs: number;
}

/** A lease that was taken, and the session that it is for. */
export interface TakenLease {
  readonly session: number;
  readonly experimentId: number;
  /** Whether the experiment was made for it. */
  readonly isNew: boolean;
  /** Whether the experiment is a copy that is not whole. */
  readonly isPartial: boolean;
}

/** Leases that are in the way of the one that is wanted. */
export interface RefusedLease {
  readonly inTheWay: readonly Lease[];
}

const COLUMNS = `l.token, l.host, l.pid, l.boot, l.namespace, l.process_start,
  ${NOW} - l.heartbeat_at, l.expires_at <= ${NOW}, l.shard`;

/** Of the leases of the experiment ?1, those in the way of the shard ?3, whose count is in ?4. */
const IN_THE_WAY = `experiment_id = (SELECT id FROM experiments WHERE name = ?1)
  AND token <> ?2 AND (shard = ?3 OR shard NOT LIKE ?4)`;

/** Those that nobody holds any more: their tokens are among ?5, or, unless ?6, they expired. */
const GIVEN_UP = `(token IN (SELECT value FROM json_each(?5))
  OR (?6 = 0 AND expires_at <= ${NOW}))`;

/**
 * Takes the lease of an experiment's shard and starts a session; makes the experiment if need be.
 *
 * The token makes it safe to repeat: who has the lease already keeps it, and its session.
 *
 * @returns what was taken, or the leases that are in the way
 */
export async function takeLease(
  database: Database,
  request: LeaseRequest,
): Promise<TakenLease | RefusedLease> {
  const first = await tryTake(database, request, []);
  if ("session" in first) return first;
  const ended = await Promise.all(first.inTheWay.map(request.hasEnded));
  const inTheWay = first.inTheWay.filter((_, index) => !ended[index]);
  if (inTheWay.length > 0) return { inTheWay };
  return await tryTake(database, request, first.inTheWay);
}

/** Takes the lease in one transaction; the leases in `ended` are in nobody's way. */
async function tryTake(
  database: Database,
  request: LeaseRequest,
  ended: readonly Lease[],
): Promise<TakenLease | RefusedLease> {
  const { shard, token, holder, process } = request;
  const name = toStoredText(request.experiment);
  const wanted = [name, token, shard, `%/${shardCount(shard)}`];
  const given = [JSON.stringify(ended.map((lease) => lease.token)), request.outlasting ? 1 : 0];
  const results = await database.write(
    {
      sql: `INSERT INTO experiments (name, created_at, updated_at) VALUES (?1, ${NOW}, ${NOW})
        ON CONFLICT DO NOTHING`,
      args: [name],
    },
    {
      // Without its lease, whoever was given up can write no more. Where somebody else is in the
      // way all stays as it is.
      sql: `DELETE FROM leases WHERE ${IN_THE_WAY} AND ${GIVEN_UP}
        AND NOT EXISTS (SELECT 1 FROM leases WHERE ${IN_THE_WAY} AND NOT ${GIVEN_UP})`,
      args: [...wanted, ...given],
    },
    {
      sql: `INSERT INTO leases (experiment_id, token, shard, host, pid, boot, namespace,
          process_start, heartbeat_at, expires_at)
        SELECT id, ?2, ?3, ?5, ?6, ?7, ?8, ?9, ${NOW}, ${NOW} + ?10 FROM experiments
        WHERE name = ?1 AND NOT EXISTS (SELECT 1 FROM leases WHERE ${IN_THE_WAY})
        ON CONFLICT (experiment_id, shard) DO UPDATE SET
          heartbeat_at = excluded.heartbeat_at, expires_at = excluded.expires_at`,
      args: [
        ...wanted,
        toStoredText(holder.host),
        holder.pid,
        process.boot ?? null,
        process.namespace ?? null,
        process.start ?? null,
        request.leaseMs,
      ],
    },
    {
      sql: `INSERT INTO sessions (experiment_id, token, host, pid, dotevals_version,
          deno_version, started_at)
        SELECT experiment_id, token, host, pid, ?2, ?3, ${NOW} FROM leases WHERE token = ?1
        ON CONFLICT (token) DO UPDATE SET started_at = excluded.started_at
        RETURNING id, experiment_id,
          (SELECT copying FROM experiments x WHERE x.id = sessions.experiment_id)`,
      args: [token, toStoredText(holder.version), toStoredText(holder.denoVersion)],
    },
    {
      sql: `SELECT ${COLUMNS} FROM leases l WHERE ${IN_THE_WAY} ORDER BY shard = ?3 DESC, shard`,
      args: wanted,
    },
  );
  const [session] = rowsOf(results, 3);
  if (session === undefined) return { inTheWay: rowsOf(results, 4).map(toLease) };
  return {
    session: numberAt(session, 0),
    experimentId: numberAt(session, 1),
    isNew: (results[0]?.changes ?? 0) > 0,
    isPartial: numberAt(session, 2) === 1,
  };
}

/** The leases of an experiment, as {@linkcode toLease} reads them. */
export function leasesOf(experiment: string): Statement {
  return {
    sql: `SELECT ${COLUMNS} FROM leases l JOIN experiments e ON e.id = l.experiment_id
      WHERE e.name = ?1 ORDER BY l.shard`,
    args: [toStoredText(experiment)],
  };
}

/** All leases, as {@linkcode toLease} reads them. */
export function allLeases(): Statement {
  return { sql: `SELECT ${COLUMNS} FROM leases l` };
}

/** A row of {@linkcode leasesOf}. */
export function toLease(row: SqlRow): Lease {
  return {
    token: textAt(row, 0),
    shard: textAt(row, 8),
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

/** Fails, and with it its transaction, while an experiment has a good lease but the ended ones. */
export function refuseInUse(experimentId: number, ended: readonly Lease[]): readonly Statement[] {
  const tokens = JSON.stringify(ended.map(({ token }) => token));
  return [
    {
      sql: `DELETE FROM leases WHERE experiment_id = ?1
        AND token IN (SELECT value FROM json_each(?2))`,
      args: [experimentId, tokens],
    },
    {
      sql: "INSERT INTO use_checks (experiment_id, token) VALUES (?1, NULL)",
      args: [experimentId],
    },
  ];
}

/** A sign of life. */
export function renewLease(token: string, leaseMs: number): Statement {
  return {
    sql: `UPDATE leases SET heartbeat_at = ${NOW}, expires_at = ${NOW} + ?2 WHERE token = ?1`,
    args: [token, leaseMs],
  };
}
