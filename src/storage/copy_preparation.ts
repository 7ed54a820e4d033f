/**
 * What the target of a copy must hold before items come: sessions and evaluations.
 *
 * @module
 */
import { type CopiedTables, type ExperimentHeader, readHeader } from "./copy_header.ts";
import { originOf, tokenOfCopy } from "./copy_tokens.ts";
import type { Database } from "./database.ts";
import type { LibsqlSession } from "./libsql_session.ts";
import { IDS_PER_SESSION, UNSETTLED } from "./schema.ts";
import { countOf, numberAt, rowsOf, textAt } from "./sql.ts";
import { insertAsIs, type Row, withoutId } from "./table_columns.ts";

/** What the target of a copy is made of. */
export interface CopyTargetParts {
  readonly database: Database;
  /** Holds the experiment in it. */
  readonly session: LibsqlSession;
  readonly tables: CopiedTables;
  /** The experiment as it is in the source. */
  readonly header: ExperimentHeader;
  readonly experiment: string;
}

/** Numbers in the target, each list in the order of the source's header. */
export interface PreparedCopy {
  readonly sessions: readonly number[];
  readonly evaluations: readonly number[];
  /** The last item of each session that is there already; -1 where there is none. */
  readonly present: readonly number[];
  /** Whether items may be there whose result is another one now. */
  readonly mayReplace: boolean;
}

/** Says what a target holds that does not come from the source; `undefined` for nothing. */
export async function findStrangers(
  database: Database,
  { here, source }: { readonly here: ExperimentHeader; readonly source: ExperimentHeader },
): Promise<string | undefined> {
  const known = new Set(source.sessions.map(originOf));
  const strangers = here.sessions.filter((row) => !known.has(originOf(row)));
  const results = await database.read(...strangers.map(({ id }) => ({
    sql: "SELECT EXISTS (SELECT 1 FROM items WHERE id BETWEEN ?1 AND ?2)",
    args: idsOf(Number(id)),
  })));
  const [stranger] = strangers.filter((_, at) => countOf(results, at) === 1);
  if (stranger !== undefined) {
    const when = new Date(Number(stranger.started_at)).toISOString();
    return `it has results of its own, of a session that began at ${when}`;
  }
  const newer = here.evaluations.find((row) => {
    const same = source.evaluations.find((other) => identityOf(other) === identityOf(row));
    return same === undefined || Number(same.generation) < Number(row.generation);
  });
  return newer && `its evaluation ${JSON.stringify(newer.name)} is not that of the source`;
}

/** Makes sessions and evaluations. */
export async function prepareCopy(
  parts: CopyTargetParts,
  here: ExperimentHeader,
): Promise<PreparedCopy> {
  const sessions = await copySessions(parts, here);
  const evaluations = await copyEvaluations(parts, { here, sessions });
  const results = await parts.database.read(
    {
      sql: `SELECT EXISTS (SELECT 1 FROM json_each(?1) CROSS JOIN items INDEXED BY items_unsettled
        ON evaluation_id = value WHERE ${UNSETTLED})`,
      args: [JSON.stringify(evaluations)],
    },
    ...sessions.map((id) => ({
      sql: "SELECT max(id) FROM items WHERE id BETWEEN ?1 AND ?2",
      args: idsOf(id),
    })),
  );
  const present = sessions.map((id, at) => {
    const last = rowsOf(results, at + 1)[0]?.[0] ?? null;
    return last === null ? -1 : Number(last) - id * IDS_PER_SESSION;
  });
  const mayReplace = countOf(results, 0) === 1;
  return { sessions, evaluations, present, mayReplace };
}

/** Makes the sessions, or brings them up to date; gives their numbers. */
async function copySessions(
  { database, session, tables, header }: CopyTargetParts,
  { experiment }: ExperimentHeader,
): Promise<readonly number[]> {
  const experimentId = Number(experiment.id);
  const origins = header.sessions.map(originOf);
  const taken = await database.rows({
    sql: `SELECT token FROM sessions WHERE experiment_id <> ?1
      AND token IN (SELECT value FROM json_each(?2))`,
    args: [experimentId, JSON.stringify(origins)],
  });
  const elsewhere = new Set(taken.map((row) => textAt(row, 0)));
  const tokens = origins.map((origin) =>
    elsewhere.has(origin) ? tokenOfCopy(origin, experimentId) : origin
  );
  const table = withoutId(tables.sessions);
  const changing = table.columns.map(({ name }) => `${name} = excluded.${name}`).join(", ");
  const copying = { sql: "UPDATE experiments SET copying = 1 WHERE id = ?1", args: [experimentId] };
  await session.write(
    copying,
    ...insertAsIs(
      table,
      header.sessions.map((row, at) => ({
        ...row,
        experiment_id: experimentId,
        token: tokens[at] ?? null,
      })),
      { rest: () => `WHERE true ON CONFLICT (token) DO UPDATE SET ${changing}` },
    ),
  );
  const rows = await database.rows({
    sql: "SELECT token, id FROM sessions WHERE token IN (SELECT value FROM json_each(?1))",
    args: [JSON.stringify(tokens)],
  });
  const ids = new Map(rows.map((row) => [textAt(row, 0), numberAt(row, 1)]));
  return tokens.map((token) => ids.get(token) ?? 0);
}

/** Makes the evaluations that are not there; gives their numbers. */
async function copyEvaluations(
  { database, session, tables, header, experiment }: CopyTargetParts,
  { here, sessions }: { readonly here: ExperimentHeader; readonly sessions: readonly number[] },
): Promise<readonly number[]> {
  const sessionIds = new Map(header.sessions.map(({ id }, at) => [id, sessions[at] ?? null]));
  await session.write(...insertAsIs(
    withoutId(tables.evaluations),
    header.evaluations.map((row) => ({
      ...row,
      experiment_id: here.experiment.id ?? null,
      session_id: sessionIds.get(row.session_id ?? null) ?? null,
      status: "incomplete",
    })),
  ));
  const now = await readHeader(database, experiment, tables);
  const ids = new Map(now.evaluations.map((row) => [identityOf(row), Number(row.id)]));
  return header.evaluations.map((row) => ids.get(identityOf(row)) ?? 0);
}

/** The first and the last number that an item of a session can have. */
function idsOf(session: number): [number, number] {
  return [session * IDS_PER_SESSION, (session + 1) * IDS_PER_SESSION - 1];
}

function identityOf({ name, variant }: Row): string {
  return JSON.stringify([name, variant]);
}
