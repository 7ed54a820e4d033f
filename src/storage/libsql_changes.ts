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
import { shardCount } from "./shard.ts";
import type { SqlValue, Statement } from "./sql.ts";
import type { EvaluationDefinition, EvaluationId, Fingerprint } from "./stored_evaluation.ts";
import type { MetricDefinition, MetricsAsOf } from "./stored_metric.ts";
import type { ItemKey } from "./stored_record.ts";
import { toStoredNumber } from "./stored_score.ts";
import { toOptionalText, toStoredText } from "./stored_text.ts";

/** Where and how an evaluation starts. */
export interface EvaluationStart {
  readonly experimentId: number;
  readonly session: number;
  /** The name of the shard that the session runs. */
  readonly shard: string;
  /** The generation that there must be at least. */
  readonly generation: number;
}

/** Starts an evaluation's newest generation, made where there is not that one yet. */
export function startStatements(
  definition: EvaluationDefinition,
  { experimentId, session, shard, generation }: EvaluationStart,
): readonly Statement[] {
  const { name, variant, fingerprint, metadata, tags } = definition;
  const identity = [experimentId, toStoredText(name), toStoredText(variant), session];
  const described = [toOptionalText(metadata), encode(tags)];
  const same = "experiment_id = ?1 AND name = ?2 AND variant = ?3";
  const newest = `${same} AND generation = (SELECT max(generation) FROM evaluations WHERE ${same})`;
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
      // Nobody's results are of the definition that is there.
      sql: `UPDATE evaluations SET code = ?5, model = ?6, major = ?7, version = ?8
        WHERE ${newest} AND NOT EXISTS (SELECT 1 FROM items WHERE evaluation_id = evaluations.id)
          AND NOT EXISTS (SELECT 1 FROM passes p JOIN sessions s ON s.id = p.session_id
            JOIN leases l ON l.token = s.token
            WHERE p.evaluation_id = evaluations.id AND p.session_id <> ?4
              AND p.status = 'running' AND l.expires_at > ${NOW})`,
      args: [...identity, ...fingerprintColumns(fingerprint)],
    },
    {
      sql: `UPDATE evaluations SET status = 'running', session_id = ?4, metadata = ?5, tags = ?6,
          updated_at = ${NOW} WHERE ${newest}`,
      args: [...identity, ...described],
    },
    {
      // Passes over other parts than those of now do not add up with them.
      sql: `DELETE FROM passes WHERE shard NOT LIKE ?4
        AND evaluation_id = (SELECT id FROM evaluations WHERE ${newest})`,
      args: [...identity.slice(0, 3), `%/${shardCount(shard)}`],
    },
    {
      sql: `INSERT INTO passes (evaluation_id, shard, session_id, status, items)
        SELECT id, ?5, ?4, 'running', 0 FROM evaluations WHERE ${newest}
        ON CONFLICT (evaluation_id, shard) DO UPDATE SET session_id = excluded.session_id,
          status = excluded.status`,
      args: [...identity, shard],
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

/**
 * Stores values of metrics, with the results and the revision that they cover: those of now, or
 * those that the values are as of.
 */
export function storeStatements(
  evaluation: EvaluationId,
  values: readonly (MetricDefinition & MetricValue)[],
  asOf?: MetricsAsOf,
): readonly Statement[] {
  const covered = [asOf?.results ?? null, asOf?.revision ?? null];
  const stores = values.map((metric) => {
    const { number, value } = metric.value === null
      ? { number: null, value: null }
      : toStoredNumber(metric.value);
    const details = metric.details === undefined ? null : encode(metric.details);
    return {
      sql: `UPDATE score_metrics SET number = ?5, value = ?6, details = ?7,
          results = coalesce(?8, (SELECT count(*) FROM items WHERE evaluation_id = ?1)
            - (SELECT count(*) FROM items INDEXED BY items_unsettled WHERE evaluation_id = ?1
              AND ${UNSETTLED} AND gone = 1)),
          revision = coalesce(?9, (SELECT revision FROM evaluations WHERE id = ?1))
        WHERE evaluation_id = ?1 AND score = ?2 AND metric = ?3 AND parameters = ?4
          AND (?9 IS NULL OR revision IS NULL OR revision <= ?9)`,
      args: [evaluation, ...definitionColumns(metric), number, value, details, ...covered],
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

/**
 * Says how a session's pass ended. The evaluation is complete when the passes of all shards are,
 * over as many items; a pass that did not see all of them does not say that there are fewer.
 */
export function finishStatements(
  evaluation: EvaluationId,
  pass: {
    readonly experimentId: number;
    readonly session: number;
    /** The name of its shard. */
    readonly shard: string;
    readonly status: "incomplete" | "complete";
    readonly items: number;
  },
): readonly Statement[] {
  return [
    {
      sql: `UPDATE passes SET status = ?3, items = ?4 WHERE evaluation_id = ?1 AND session_id = ?2`,
      args: [evaluation, pass.session, pass.status, pass.items],
    },
    {
      sql: `UPDATE evaluations SET updated_at = ${NOW},
          items = CASE WHEN ?3 = 'complete' OR ?4 = 1 THEN ?2 ELSE max(items, ?2) END,
          status = CASE ?4 WHEN (SELECT count(*) FROM passes
            WHERE evaluation_id = ?1 AND status = 'complete' AND items = ?2)
            THEN 'complete' ELSE 'incomplete' END
        WHERE id = ?1`,
      args: [evaluation, pass.items, pass.status, shardCount(pass.shard)],
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
