/**
 * What holds in every sound storage, as SQL: each query counts what breaks a rule.
 *
 * @module
 */
import { IDS_PER_SESSION, UNSETTLED } from "./schema.ts";

/** A rule. */
export interface CheckRule {
  /** Names it to programs. */
  readonly code: string;
  /** What is looked at. */
  readonly looksAt: string;
  /** The version of the tables that it needs. */
  readonly since: number;
  /** Selects how many break it, and the name of one of them. */
  readonly sql: string;
  /** Says that some break it. */
  text(count: number, example: string): string;
  /** What to do. */
  readonly hint: string;
}

const COPY_ANEW = '"dotevals storage copy" makes a new storage without the fault.';

/** Counts of items for each evaluation: in all, and of those that are not gone. */
const COUNTED = `counted AS MATERIALIZED (SELECT e.id, e.name,
    (SELECT count(*) FROM items WHERE evaluation_id = e.id) AS items,
    (SELECT count(*) FROM items INDEXED BY items_unsettled
      WHERE evaluation_id = e.id AND ${UNSETTLED} AND gone = 1) AS gone
  FROM evaluations e)`;

/** The rules, besides those of SQLite itself. */
export const CHECK_RULES: readonly CheckRule[] = [
  {
    code: "rows-without-owner",
    looksAt: "that every row belongs to one that is there",
    since: 1,
    sql: `SELECT total(1), max("table" || ' without ' || parent) FROM pragma_foreign_key_check`,
    text: (count, example) => `Rows belong to nothing: ${count}, ${example} among them.`,
    hint: COPY_ANEW,
  },
  {
    code: "items-without-session",
    looksAt: "that every result has its session",
    since: 1,
    // From one session to the next through the ids alone.
    sql: `WITH RECURSIVE found (session) AS (
        SELECT min(id) / ${IDS_PER_SESSION} FROM items
        UNION ALL SELECT (SELECT min(id) / ${IDS_PER_SESSION} FROM items
          WHERE id >= (session + 1) * ${IDS_PER_SESSION}) FROM found WHERE session IS NOT NULL)
      SELECT count(*), max(session) FROM found
      WHERE session IS NOT NULL AND session NOT IN (SELECT id FROM sessions)`,
    text: (count, example) =>
      `Sessions of results are missing: ${count}, number ${example} among them.`,
    hint: "Which commit made them is lost; the results are not.",
  },
  {
    code: "results-missing",
    looksAt: "that complete evaluations have all their results",
    since: 1,
    sql:
      `WITH ${COUNTED} SELECT count(*), max(e.name) FROM evaluations e JOIN counted c ON c.id = e.id
      WHERE e.status = 'complete' AND e.items > c.items - c.gone`,
    text: (count, example) =>
      `Complete evaluations lack results: ${count}, "${example}" among them.`,
    hint: "Run the experiment again: what is missing is run.",
  },
  {
    code: "metrics-ahead",
    looksAt: "that metrics cover no more than there is",
    since: 1,
    sql: `WITH ${COUNTED} SELECT count(*), max(e.name) FROM score_metrics m
      JOIN evaluations e ON e.id = m.evaluation_id JOIN counted c ON c.id = e.id
      WHERE m.revision > e.revision OR m.results > c.items
        OR (m.revision = e.revision AND m.results > c.items - c.gone)`,
    text: (count, example) =>
      `Metrics cover more results than there are: ${count}, of "${example}" among them.`,
    hint: "Run the experiment again: its metrics are computed anew.",
  },
  {
    code: "totals-differ",
    looksAt: "that the totals of calls are what the calls add up to",
    since: 3,
    sql: `WITH added AS MATERIALIZED (
        SELECT i.evaluation_id, c.model, count(*) AS calls,
          total(c.input_tokens) AS input, total(c.output_tokens) AS output
        FROM calls c CROSS JOIN items i ON i.id = c.item_id WHERE i.gone = 0 GROUP BY 1, 2)
      SELECT count(*), max(model) FROM (
        SELECT t.model FROM call_totals t
          LEFT JOIN added a ON a.evaluation_id = t.evaluation_id AND a.model = t.model
        WHERE t.calls <> coalesce(a.calls, 0) OR t.input_tokens <> coalesce(a.input, 0)
          OR t.output_tokens <> coalesce(a.output, 0)
        UNION ALL SELECT a.model FROM added a WHERE NOT EXISTS (SELECT 1 FROM call_totals t
          WHERE t.evaluation_id = a.evaluation_id AND t.model = a.model))`,
    text: (count, example) => `Totals of calls are wrong: ${count}, of ${example} among them.`,
    hint: COPY_ANEW,
  },
];
