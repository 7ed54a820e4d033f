/**
 * Reads recorded items page by page.
 *
 * @module
 */
import type { Database } from "./database.ts";
import { CALLS_OF_ITEM, toCalls } from "./libsql_calls.ts";
import { KEY_DIGITS } from "./recorded_page.ts";
import { numberAt, type SqlRow, textAt } from "./sql.ts";
import type { RecordsOptions } from "./storage.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import type { ItemKey, RecordedScore, StoredRecord } from "./stored_record.ts";
import { fromStoredValue, type ScoreKind } from "./stored_score.ts";
import { fromOptionalText, fromStoredText } from "./stored_text.ts";

/** Records of a page, at most. */
const PAGE = 500;

/** Bytes of a page; a record that is larger is a page. Servers answer with some 10 MB at most. */
const PAGE_BYTES = 3_000_000;

const IN_ORDER = "items INDEXED BY items_in_order";

/** Those whose key is between two others: few, and found by it. */
const BY_KEY = "items INDEXED BY sqlite_autoindex_items_1";

function recordsFrom(items: string, more = ""): string {
  return `WITH page AS (
    SELECT id, position, repeat, coalesce(octet_length(row), 0)
      + coalesce(octet_length(prompt), 0) + coalesce(octet_length(response), 0)
      + coalesce(octet_length(metadata), 0) + coalesce(octet_length(error_message), 0)
      + coalesce(octet_length(error_stack), 0)
      + coalesce((SELECT sum(coalesce(octet_length(value), 0) + coalesce(octet_length(metadata), 0))
        FROM scores WHERE item_id = items.id), 0)
      + coalesce((SELECT sum(coalesce(octet_length(request), 0)
        + coalesce(octet_length(response), 0) + 200) FROM calls WHERE item_id = items.id), 0)
      AS size
    FROM ${items}
    WHERE evaluation_id = ?1 AND (position, repeat, id) > (?2, ?3, ?4)
      AND (?5 = 0 OR error_name IS NOT NULL)${more}
    ORDER BY position, repeat, id LIMIT ${PAGE}
  ), sized AS (
    SELECT id, size, sum(size) OVER (ORDER BY position, repeat, id) AS total FROM page
  )
  SELECT i.position, i.repeat, i.id, i.started_at, i.duration_ms,
    json_array(lower(hex(i.key)), i.row, i.prompt, i.response, i.error_name, i.error_message,
      i.error_stack, i.metadata, i.attempts, i.gone),
    (SELECT json_group_array(json_array(name, kind, number, value, metadata))
      FROM (SELECT * FROM scores s WHERE s.item_id = i.id ORDER BY s.ordinal)),
    (${CALLS_OF_ITEM})
  FROM sized CROSS JOIN items i ON i.id = sized.id
  WHERE sized.total <= ${PAGE_BYTES} OR sized.total = sized.size
  ORDER BY i.position, i.repeat, i.id`;
}

const RECORDS = recordsFrom(IN_ORDER);
const RECORDS_OF_KEYS = recordsFrom(BY_KEY, " AND key BETWEEN unhex(?6) AND unhex(?7)");

/** All records of an evaluation, by position and repeat. */
export async function* readRecords(
  database: Database,
  evaluation: EvaluationId,
  options: RecordsOptions = {},
): AsyncGenerator<StoredRecord> {
  const errorsOnly = options.errorsOnly === true ? 1 : 0;
  const { keyPrefix = "" } = options;
  const keys = keyPrefix === "" ? [] : keysFrom(keyPrefix);
  if (keys === undefined) return;
  const sql = keys.length === 0 ? RECORDS : RECORDS_OF_KEYS;
  let after: SqlRow | undefined = [-1, -1, -1];
  while (after !== undefined) {
    const [position = null, repeat = null, id = null]: SqlRow = after;
    const args = [evaluation, position, repeat, id, errorsOnly, ...keys];
    const rows: readonly SqlRow[] = await database.rows({ sql, args });
    for (const row of rows) yield toRecord(row, evaluation);
    after = rows.at(-1);
  }
}

/** The first and the last key that begin so; `undefined` where none can. */
function keysFrom(prefix: string): readonly [string, string] | undefined {
  if (!/^[0-9a-f]{1,32}$/.test(prefix)) return undefined;
  return [prefix.padEnd(KEY_DIGITS, "0"), prefix.padEnd(KEY_DIGITS, "f")];
}

/** Most of a row in one text: the client takes its time for each column. */
type StoredColumns = readonly [
  key: ItemKey,
  row: string,
  prompt: string | null,
  response: string | null,
  errorName: string | null,
  errorMessage: string | null,
  errorStack: string | null,
  metadata: string | null,
  attempts: number,
  gone: 0 | 1,
];

function toRecord(stored: SqlRow, evaluation: EvaluationId): StoredRecord {
  const columns: StoredColumns = JSON.parse(textAt(stored, 5));
  const [key, row, prompt, response, errorName, message, stack] = columns;
  const [, , , , , , , metadata, attempts, gone] = columns;
  const scores: readonly StoredScore[] = JSON.parse(textAt(stored, 6));
  return {
    evaluation,
    key,
    repeat: numberAt(stored, 1),
    position: numberAt(stored, 0),
    row: fromStoredText(row),
    prompt: fromOptionalText(prompt),
    response: fromOptionalText(response),
    error: errorName === null ? undefined : {
      name: fromStoredText(errorName),
      message: fromStoredText(message ?? ""),
      stack: fromOptionalText(stack),
    },
    metadata: fromOptionalText(metadata),
    attempts,
    startedAt: numberAt(stored, 3),
    durationMs: numberAt(stored, 4),
    gone: gone === 1,
    scores: scores.map(toScore),
    calls: toCalls(textAt(stored, 7)),
  };
}

/** A score as the query's JSON has it. */
type StoredScore = readonly [
  name: string,
  kind: ScoreKind,
  number: number | null,
  value: string | null,
  metadata: string | null,
];

function toScore([name, kind, number, value, metadata]: StoredScore): RecordedScore {
  return {
    name: fromStoredText(name),
    value: fromStoredValue({ kind, number, value }),
    metadata: fromOptionalText(metadata),
  };
}
