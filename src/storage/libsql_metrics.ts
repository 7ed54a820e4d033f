/**
 * Reads the metrics that were stored with an evaluation.
 *
 * @module
 */
import type { MetricParameter } from "../evaluation/metric.ts";
import { decode } from "../values/tagged.ts";
import type { Database } from "./database.ts";
import { numberAt, optionalTextAt, type SqlRow, textAt } from "./sql.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import type { StoredMetric } from "./stored_metric.ts";
import { fromStoredText } from "./stored_text.ts";

/** The metrics of an evaluation, in the order of their first use. */
export async function readMetrics(
  database: Database,
  evaluation: EvaluationId,
): Promise<readonly StoredMetric[]> {
  const rows = await database.rows({
    sql: `SELECT score, metric, parameters, number, value, details, results, revision
      FROM score_metrics WHERE evaluation_id = ?1 ORDER BY id`,
    args: [evaluation],
  });
  return rows.map(toMetric);
}

function toMetric(row: SqlRow): StoredMetric {
  return {
    score: fromStoredText(textAt(row, 0)),
    metric: fromStoredText(textAt(row, 1)),
    parameters: decode(textAt(row, 2)) as Readonly<Record<string, MetricParameter>>,
    computed: row[7] === null ? undefined : {
      value: toValue(row),
      ...toDetails(optionalTextAt(row, 5)),
      results: numberAt(row, 6),
      revision: numberAt(row, 7),
    },
  };
}

function toValue(row: SqlRow): number | null {
  const exact = optionalTextAt(row, 4);
  if (exact !== undefined) return Number(decode(exact));
  return row[3] === null ? null : numberAt(row, 3);
}

function toDetails(stored: string | undefined): { details?: MetricParameter } {
  return stored === undefined ? {} : { details: decode(stored) as MetricParameter };
}
