/**
 * What an experiment is besides its items: rows of it, its sessions, evaluations and metrics.
 *
 * @module
 */
import type { Database } from "./database.ts";
import { noExperiment } from "./libsql_evaluations.ts";
import { rowsOf } from "./sql.ts";
import { toStoredText } from "./stored_text.ts";
import { readTables, type Row, selectRows, type Table, toRow } from "./table_columns.ts";

/** The tables that a copy consists of. */
const TABLES = [
  "experiments",
  "sessions",
  "evaluations",
  "score_metrics",
  "passes",
  "items",
  "scores",
  "calls",
] as const;

/** What an item consists of besides its row; their first columns are the item and a place. */
export const ITEM_PARTS = ["scores", "calls"] as const;

/** The tables of a copy by name. (The totals of calls are kept by the database itself.) */
export type CopiedTables = Readonly<Record<(typeof TABLES)[number], Table>>;

/** An experiment without its items. */
export interface ExperimentHeader {
  readonly experiment: Row;
  /** In the order in which they began. */
  readonly sessions: readonly Row[];
  /** The newest generation of each, in the order of first runs. */
  readonly evaluations: readonly Row[];
  /** Those of these evaluations, in the order of their first use. */
  readonly metrics: readonly Row[];
  /** How the last passes over these evaluations stand. */
  readonly passes: readonly Row[];
  /** Older generations that are still there. */
  readonly older: readonly Row[];
}

/** The tables of a database. */
export async function readCopiedTables(database: Database): Promise<CopiedTables> {
  return await readTables(database, TABLES);
}

/**
 * Reads an experiment.
 *
 * @throws {DotevalsError} `no-experiment`
 */
export async function readHeader(
  database: Database,
  name: string,
  tables: CopiedTables,
): Promise<ExperimentHeader> {
  const args = [toStoredText(name)];
  const ofExperiment = "experiment_id = (SELECT id FROM experiments WHERE name = ?1)";
  const ofEvaluations = `WHERE evaluation_id IN (SELECT id FROM evaluations WHERE ${ofExperiment})`;
  const read = [
    [tables.experiments, "WHERE name = ?1"],
    [tables.sessions, `WHERE ${ofExperiment} ORDER BY id`],
    [tables.evaluations, `WHERE ${ofExperiment} ORDER BY ordinal, id`],
    [tables.score_metrics, `${ofEvaluations} ORDER BY id`],
    [tables.passes, `${ofEvaluations} ORDER BY evaluation_id, shard`],
  ] as const;
  const results = await database.read(
    ...read.map(([table, rest]) => selectRows(table, { rest, args })),
  );
  const [experiments = [], sessions = [], all = [], metrics = [], passes = []] = read.map(
    ([table], at) => rowsOf(results, at).map((row) => toRow(table, row)),
  );
  const [experiment] = experiments;
  if (experiment === undefined) throw await noExperiment(database, name);
  const generations = Map.groupBy(all, ({ name, variant }) => JSON.stringify([name, variant]));
  const evaluations = [...generations.values()].map((same) =>
    same.reduce((a, b) => Number(a.generation) > Number(b.generation) ? a : b)
  );
  const ids = new Set(evaluations.map(({ id }) => id));
  const isNewest = (row: Row) => ids.has(row.evaluation_id ?? null);
  return {
    experiment,
    sessions,
    evaluations,
    metrics: metrics.filter(isNewest),
    passes: passes.filter(isNewest),
    older: all.filter(({ id }) => !ids.has(id)),
  };
}
