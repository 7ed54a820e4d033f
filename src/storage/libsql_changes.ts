/**
 * What a session changes besides storing results, as SQL.
 *
 * @module
 */
import type { MetricValue } from "../evaluation/metric.ts";
import { canonical } from "../values/canonical.ts";
import { encode } from "../values/tagged.ts";
import { chunks } from "./json_rows.ts";
import { deleteEvaluations } from "./libsql_delete.ts";
import { NOW, UNSETTLED } from "./schema.ts";
import type { SqlValue, Statement } from "./sql.ts";
import type {
  EvaluationDefinition,
  EvaluationId,
  Fingerprint,
  ItemKey,
  MetricDefinition,
} from "./storage.ts";
import { toStoredNumber } from "./stored_score.ts";
import { toOptionalText, toStoredText } from "./stored_text.ts";

/** Where and how an evaluation starts. */
export interface EvaluationStart {
  readonly experimentId: number;
  readonly session: number;
  /** The generation that there must be at least. */
  readonly generation: number;
}

/** Starts an evaluation's newest generation, made where there is not that one yet. */
export function startStatements(
  definition: EvaluationDefinition,
  { experimentId, session, generation }: EvaluationStart,
): readonly Statement[] {
  const { name, variant, fingerprint, metadata, tags } = definition;
  const identity = [experimentId, toStoredText(name), toStoredText(variant), session];
  const described = [toOptionalText(metadata), encode(tags)];
  const same = "experiment_id = ?1 AND name = ?2 AND variant = ?3";
  return [
    {
      sql: `INSERT INTO evaluations (experiment_id, name, variant, session_id, metadata, tags,
          code, model, major, version, generation, ordinal, status, created_at, updated_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
          1 + coalesce((SELECT max(generation) FROM evaluations WHERE ${same}), 0),
          coalesce((SELECT max(ordinal) FROM evaluations WHERE ${same}),
            (SELECT 1 + max(ordinal) FROM evaluations WHERE experiment_id = ?1), 0),
          'running', ${NOW}, ${NOW}
        WHERE NOT EXISTS (SELECT 1 FROM evaluations WHERE ${same} AND generation >= ?11)`,
      args: [...identity, ...described, ...fingerprintColumns(fingerprint), generation],
    },
    {
      sql: `UPDATE evaluations SET status = 'running', session_id = ?4, metadata = ?5, tags = ?6,
          updated_at = ${NOW}
        WHERE ${same} AND generation = (SELECT max(generation) FROM evaluations WHERE ${same})`,
      args: [...identity, ...described],
    },
    touchExperiment(experimentId),
  ];
}

/** Accepts another definition for what is recorded. */
export function keepStatement(evaluation: EvaluationId, fingerprint: Fingerprint): Statement {
  return {
    sql: `UPDATE evaluations SET code = ?2, model = ?3, major = ?4, version = ?5,
      updated_at = ${NOW} WHERE id = ?1`,
    args: [evaluation, ...fingerprintColumns(fingerprint)],
  };
}

/** Adds metric definitions that are not there yet. */
export function defineStatements(
  evaluation: EvaluationId,
  metrics: readonly MetricDefinition[],
): readonly Statement[] {
  return metrics.map((metric) => ({
    sql: `INSERT INTO score_metrics (evaluation_id, score, metric, parameters)
      VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`,
    args: [evaluation, ...definitionColumns(metric)],
  }));
}

/** Stores values of metrics, with the results and the revision that they cover. */
export function storeStatements(
  evaluation: EvaluationId,
  values: readonly (MetricDefinition & MetricValue)[],
): readonly Statement[] {
  const stores = values.map((metric) => {
    const { number, value } = metric.value === null
      ? { number: null, value: null }
      : toStoredNumber(metric.value);
    const details = metric.details === undefined ? null : encode(metric.details);
    return {
      sql: `UPDATE score_metrics SET number = ?5, value = ?6, details = ?7,
          results = (SELECT count(*) FROM items WHERE evaluation_id = ?1)
            - (SELECT count(*) FROM items INDEXED BY items_unsettled WHERE evaluation_id = ?1
              AND ${UNSETTLED} AND gone = 1),
          revision = (SELECT revision FROM evaluations WHERE id = ?1)
        WHERE evaluation_id = ?1 AND score = ?2 AND metric = ?3 AND parameters = ?4`,
      args: [evaluation, ...definitionColumns(metric), number, value, details],
    };
  });
  return [...defineStatements(evaluation, values), ...stores];
}

/** Marks items as gone or as there again. */
export function markStatements(
  evaluation: EvaluationId,
  items: readonly { readonly key: ItemKey; readonly repeat: number }[],
  gone: boolean,
): readonly Statement[] {
  const keys = [...chunks(items.map((item) => [item.key, item.repeat]))];
  return [
    ...keys.map((chunk) => ({
      sql: `UPDATE items SET gone = ?3 WHERE id IN (
        SELECT i.id FROM json_each(?2) j CROSS JOIN items i ON i.evaluation_id = ?1
          AND i.key = unhex(j.value->>0) AND i.repeat = j.value->>1) AND gone <> ?3`,
      args: [evaluation, chunk, gone ? 1 : 0],
    })),
    {
      sql: `UPDATE evaluations SET revision = revision + 1, updated_at = ${NOW} WHERE id = ?1`,
      args: [evaluation],
    },
  ];
}

/** Says how a pass ended; a complete one deletes what it replaced. */
export function finishStatements(
  evaluation: EvaluationId,
  pass: {
    readonly experimentId: number;
    readonly status: "incomplete" | "complete";
    readonly items: number;
  },
): readonly Statement[] {
  return [
    {
      sql: `UPDATE evaluations SET status = ?2, items = ?3, updated_at = ${NOW} WHERE id = ?1`,
      args: [evaluation, pass.status, pass.items],
    },
    touchExperiment(pass.experimentId),
  ];
}

/** Deletes the older generations of an evaluation. */
export function dropOlderStatements(evaluation: EvaluationId): readonly Statement[] {
  const older = `SELECT old.id FROM evaluations old JOIN evaluations new
    ON new.experiment_id = old.experiment_id AND new.name = old.name
      AND new.variant = old.variant AND new.generation > old.generation
    WHERE new.id = ?1`;
  return deleteEvaluations(older, [evaluation]);
}

function touchExperiment(experimentId: number): Statement {
  return {
    sql: `UPDATE experiments SET updated_at = ${NOW} WHERE id = ?1`,
    args: [experimentId],
  };
}

function fingerprintColumns(fingerprint: Fingerprint): readonly SqlValue[] {
  const { code, model, major, version } = fingerprint;
  return [code, model, major, version].map(toStoredText);
}

function definitionColumns(metric: MetricDefinition): readonly SqlValue[] {
  return [toStoredText(metric.score), toStoredText(metric.metric), canonical(metric.parameters)];
}
