/**
 * Reads experiments and their evaluations, with counts.
 *
 * @module
 */
import type { DotevalsError } from "../errors.ts";
import { decode } from "../values/tagged.ts";
import type { Database } from "./database.ts";
import {
  type ExperimentSummary,
  noExperiment as noExperimentAmong,
  summarise,
} from "./experiment_summary.ts";
import { allLeases, leasesOf, liveTokens } from "./lease.ts";
import { UNSETTLED } from "./schema.ts";
import { numberAt, optionalTextAt, rowsOf, type SqlRow, type Statement, textAt } from "./sql.ts";
import type { EvaluationId, RunStatus, StoredEvaluation } from "./stored_evaluation.ts";
import { fromStoredText, toStoredText } from "./stored_text.ts";

const COUNT_UNSETTLED = `SELECT count(*) FROM items INDEXED BY items_unsettled
  WHERE evaluation_id = e.id AND ${UNSETTLED}`;

/** With the number of the experiment first and the tokens of the sessions that have not finished. */
const EVALUATIONS = `SELECT x.id, (SELECT group_concat(s.token) FROM passes p
      JOIN sessions s ON s.id = p.session_id
      WHERE p.evaluation_id = e.id AND p.status = 'running'), e.status, e.id, e.items,
    (SELECT count(*) FROM items WHERE evaluation_id = e.id),
    (${COUNT_UNSETTLED} AND gone = 0 AND error_name IS NOT NULL), (${COUNT_UNSETTLED} AND gone = 1),
    e.name, e.variant, e.generation, e.code, e.model, e.major, e.version, e.revision,
    e.metadata, e.tags
  FROM experiments x JOIN evaluations e ON e.experiment_id = x.id
  WHERE e.generation = (SELECT max(n.generation) FROM evaluations n
    WHERE n.experiment_id = x.id AND n.name = e.name AND n.variant = e.variant)`;

const EXPERIMENTS = `SELECT x.id, x.name, x.created_at, x.updated_at,
    (SELECT group_concat(token) FROM leases WHERE experiment_id = x.id)
  FROM experiments x`;

/** All experiments, newest change first. */
export async function readExperiments(database: Database): Promise<readonly ExperimentSummary[]> {
  return await summaries(
    database,
    { sql: `${EXPERIMENTS} ORDER BY x.updated_at DESC, x.id DESC` },
    { sql: `${EVALUATIONS} ORDER BY e.ordinal` },
    allLeases(),
  );
}

/** One experiment, if it exists. */
export async function readExperiment(
  database: Database,
  name: string,
): Promise<ExperimentSummary | undefined> {
  const args = [toStoredText(name)];
  const [summary] = await summaries(
    database,
    { sql: `${EXPERIMENTS} WHERE x.name = ?1`, args },
    { sql: `${EVALUATIONS} AND x.name = ?1 ORDER BY e.ordinal`, args },
    leasesOf(name),
  );
  return summary;
}

/** The newest generation of an experiment's evaluations. */
export async function readEvaluations(
  database: Database,
  experiment: string,
): Promise<readonly StoredEvaluation[]> {
  const args = [toStoredText(experiment)];
  const results = await database.read(
    { sql: "SELECT 1 FROM experiments WHERE name = ?1", args },
    { sql: `${EVALUATIONS} AND x.name = ?1 ORDER BY e.ordinal`, args },
    leasesOf(experiment),
  );
  if (rowsOf(results, 0).length === 0) throw await noExperiment(database, experiment);
  const live = await liveTokens(rowsOf(results, 2));
  return rowsOf(results, 1).map((row) => toEvaluation(row, live));
}

/** The newest generation of one evaluation, as a session that holds the experiment sees it. */
export function evaluationOf(experimentId: number, name: string, variant: string): Statement {
  return {
    sql: `${EVALUATIONS} AND x.id = ?1 AND e.name = ?2 AND e.variant = ?3`,
    args: [experimentId, toStoredText(name), toStoredText(variant)],
  };
}

/** One evaluation's newest generation, by its number. */
export function evaluationById(id: EvaluationId): Statement {
  return { sql: `${EVALUATIONS} AND e.id = ?1`, args: [id] };
}

/** A row of {@linkcode evaluationOf}; `live` are the tokens of sessions that are alive. */
export function toEvaluation(row: SqlRow, live: ReadonlySet<string>): StoredEvaluation {
  const [recorded, errors, gone] = [numberAt(row, 5), numberAt(row, 6), numberAt(row, 7)];
  const completed = recorded - gone;
  const metadata = optionalTextAt(row, 16);
  return {
    id: numberAt(row, 3) as EvaluationId,
    name: fromStoredText(textAt(row, 8)),
    variant: fromStoredText(textAt(row, 9)),
    generation: numberAt(row, 10),
    fingerprint: {
      code: fromStoredText(textAt(row, 11)),
      model: fromStoredText(textAt(row, 12)),
      major: fromStoredText(textAt(row, 13)),
      version: fromStoredText(textAt(row, 14)),
    },
    status: toStatus(textAt(row, 2), tokensAt(row, 1).some((token) => live.has(token))),
    items: Math.max(numberAt(row, 4), completed),
    completed,
    errors,
    gone,
    revision: numberAt(row, 15),
    metadata: metadata === undefined ? undefined : fromStoredText(metadata),
    tags: (decode(textAt(row, 17)) as readonly unknown[]).map(String),
  };
}

/** The error for an experiment that does not exist, with the nearest name that does. */
export async function noExperiment(database: Database, name: string): Promise<DotevalsError> {
  const rows = await database.rows({ sql: "SELECT name FROM experiments" });
  return noExperimentAmong(name, rows.map((row) => fromStoredText(textAt(row, 0))));
}

async function summaries(
  database: Database,
  experiments: Statement,
  evaluations: Statement,
  leases: Statement,
): Promise<readonly ExperimentSummary[]> {
  const results = await database.read(experiments, evaluations, leases);
  const live = await liveTokens(rowsOf(results, 2));
  const ofExperiment = Map.groupBy(rowsOf(results, 1), (row) => numberAt(row, 0));
  return rowsOf(results, 0).map((row) => {
    return summarise((ofExperiment.get(numberAt(row, 0)) ?? []).map((e) => toEvaluation(e, live)), {
      name: fromStoredText(textAt(row, 1)),
      held: tokensAt(row, 4).some((token) => live.has(token)),
      createdAt: numberAt(row, 2),
      updatedAt: numberAt(row, 3),
    });
  });
}

function tokensAt(row: SqlRow, column: number): readonly string[] {
  return optionalTextAt(row, column)?.split(",") ?? [];
}

/** It is running while a session's pass over it is; what a killed one left running is incomplete. */
function toStatus(stored: string, held: boolean): RunStatus {
  if (held) return "running";
  return stored === "complete" ? "complete" : "incomplete";
}
