/**
 * Deletes experiments and generations of evaluations as SQL: every table by name, because
 * not every server follows foreign keys.
 *
 * @module
 */
import type { SqlValue, Statement } from "./sql.ts";

/** Deletes the evaluations that a query selects, with all that they hold. */
export function deleteEvaluations(
  query: string,
  args: readonly SqlValue[],
): readonly Statement[] {
  return [
    ...["scores", "calls"].map((table) =>
      `DELETE FROM ${table} WHERE item_id IN
        (SELECT id FROM items WHERE evaluation_id IN (${query}))`
    ),
    `DELETE FROM call_totals WHERE evaluation_id IN (${query})`,
    `DELETE FROM items WHERE evaluation_id IN (${query})`,
    `DELETE FROM passes WHERE evaluation_id IN (${query})`,
    `DELETE FROM score_metrics WHERE evaluation_id IN (${query})`,
    `DELETE FROM distributions WHERE evaluation_id IN (${query})`,
    `DELETE FROM evaluations WHERE id IN (${query})`,
  ].map((sql) => ({ sql, args }));
}

/** Deletes an experiment with all that it holds. */
export function deleteExperiment(id: number): readonly Statement[] {
  return [
    ...deleteEvaluations("SELECT id FROM evaluations WHERE experiment_id = ?1", [id]),
    ...["leases", "sessions"].map((table) => ({
      sql: `DELETE FROM ${table} WHERE experiment_id = ?1`,
      args: [id],
    })),
    { sql: "DELETE FROM experiments WHERE id = ?1", args: [id] },
  ];
}
