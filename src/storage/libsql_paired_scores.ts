/**
 * Reads what two evaluations scored the same rows, part by part in the order of their keys.
 *
 * @module
 */
import type { Database } from "./database.ts";
import type { PairedPart, PairedScores, RowCounts } from "./paired_scores.ts";
import { KEY_DIGITS } from "./recorded_page.ts";
import { UNSETTLED } from "./schema.ts";
import { numberAt, rowsOf, type SqlRow, textAt } from "./sql.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import type { ItemKey } from "./stored_record.ts";
import { fromStoredText } from "./stored_text.ts";

/** Rows of a part, at most: a few milliseconds of a server's time, and of its answer some 100 KB. */
const PART = 10_000;

const NO_KEYS: readonly ItemKey[] = [];

/** Greater than every key. */
const END = "ff".repeat(17);

/** Where the next part ends: at the row after so many others in one of the two. */
const UP_TO = `min(${
  ["?1", "?2"].map((evaluation) =>
    `coalesce((SELECT key FROM items WHERE evaluation_id = ${evaluation} AND key > unhex(?3)
      ORDER BY key LIMIT 1 OFFSET ${PART - 1}), unhex('${END}'))`
  ).join(", ")
})`;

/** The items of a part; those with errors and those that are gone are joined to them. */
const ITEMS = `upto(key) AS MATERIALIZED (SELECT ${UP_TO}),
  unsettled AS MATERIALIZED (
    SELECT id, gone, error_name IS NOT NULL AS failed FROM items INDEXED BY items_unsettled
    WHERE evaluation_id IN (?1, ?2) AND key > unhex(?3) AND key <= (SELECT key FROM upto)
      AND ${UNSETTLED}
  )`;

const OF_PART = `i.evaluation_id IN (?1, ?2) AND i.key > unhex(?3)
    AND i.key <= (SELECT key FROM upto)`;

const COUNTS = `WITH ${ITEMS}, of_keys AS (
    SELECT total(i.evaluation_id = ?1) > 0 AS a, total(i.evaluation_id = ?2) > 0 AS b,
      total(i.evaluation_id = ?1) = total(i.evaluation_id = ?1 AND u.failed = 1) AS a_failed,
      total(i.evaluation_id = ?2) = total(i.evaluation_id = ?2 AND u.failed = 1) AS b_failed
    FROM items i LEFT JOIN unsettled u ON u.id = i.id
    WHERE ${OF_PART} AND u.gone IS NOT 1
    GROUP BY i.key
  )
  SELECT total(a), total(b), total(a AND b), total(a AND b AND a_failed),
    total(a AND b AND b_failed), total(a AND b AND (a_failed OR b_failed)),
    (SELECT hex(key) FROM upto)
  FROM of_keys`;

function side(evaluation: "?1" | "?2", name: string): string {
  return `count(s.number) FILTER (WHERE i.evaluation_id = ${evaluation}) AS ${name}_count,
      total(s.number) FILTER (WHERE i.evaluation_id = ${evaluation}) AS ${name}_sum,
      count(*) FILTER (WHERE i.evaluation_id = ${evaluation} AND s.kind = 'boolean') AS ${name}_booleans`;
}

const SCORES = `WITH ${ITEMS}, of_rows AS (
    SELECT i.key, s.name, ${side("?1", "a")}, ${side("?2", "b")}
    FROM items i CROSS JOIN scores s ON s.item_id = i.id
    WHERE ${OF_PART}
      AND (NOT EXISTS (SELECT * FROM unsettled) OR i.id NOT IN (SELECT id FROM unsettled))
    GROUP BY i.key, s.name
  )
  SELECT json_group_array(json_array(name, a_count, a_sum, a_booleans, b_count, b_sum, b_booleans,
    number_of, keys)) FROM (
    SELECT *, count(*) AS number_of, substr(group_concat(iif(a_count > 0 AND b_count > 0
      AND a_sum * b_count <> b_sum * a_count, lower(hex(key)), NULL), ''), 1, ?4) AS keys
    FROM of_rows
    GROUP BY name, a_count, a_sum, a_booleans, b_count, b_sum, b_booleans
  )`;

/** Which evaluations to read. */
export interface PairedScoresOf {
  readonly first: EvaluationId;
  readonly second: EvaluationId;
  /** Keys of rows that are scored alike, at most. */
  readonly keys: number;
}

/** What two evaluations scored the same rows, over what is not gone. */
export async function* readPairedScores(
  database: Database,
  { first, second, keys }: PairedScoresOf,
): AsyncGenerator<PairedPart> {
  let after = "";
  while (after !== END) {
    const args = [first, second, after];
    const results = await database.read(
      { sql: COUNTS, args },
      { sql: SCORES, args: [...args, keys * KEY_DIGITS] },
    );
    const [counts = []] = rowsOf(results, 0);
    const groups: readonly StoredGroup[] = JSON.parse(textAt(rowsOf(results, 1)[0] ?? [], 0));
    after = textAt(counts, 6).toLowerCase();
    yield { counts: toCounts(counts), scores: groups.map(toScores) };
  }
}

function toCounts(row: SqlRow): RowCounts {
  return {
    first: numberAt(row, 0),
    second: numberAt(row, 1),
    both: numberAt(row, 2),
    firstFailed: numberAt(row, 3),
    secondFailed: numberAt(row, 4),
    failed: numberAt(row, 5),
  };
}

/** A group as the query's JSON has it. */
type StoredGroup = readonly [
  name: string,
  firstCount: number,
  firstSum: number,
  firstBooleans: number,
  secondCount: number,
  secondSum: number,
  secondBooleans: number,
  rows: number,
  keys: string | null,
];

function toScores(group: StoredGroup): PairedScores {
  const [name, firstCount, firstSum, firstBooleans, count, sum, booleans, rows, keys] = group;
  return {
    score: fromStoredText(name),
    first: { count: firstCount, sum: firstSum, booleans: firstBooleans },
    second: { count, sum, booleans },
    rows,
    keys: keys === null || keys === "" ? NO_KEYS : keys.match(/.{32}/g) as ItemKey[] | null ?? [],
  };
}
