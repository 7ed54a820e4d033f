/**
 * A commit of results as SQL.
 *
 * @module
 */
import { chunks, insertRows, type JsonRows } from "./json_rows.ts";
import { renewLease } from "./lease.ts";
import { CALL_COLUMNS, callRow } from "./libsql_calls.ts";
import { NOW, UNSETTLED } from "./schema.ts";
import type { SqlValue, Statement } from "./sql.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import type { ItemRecordDraft } from "./stored_record.ts";
import { toStoredValue } from "./stored_score.ts";
import { toOptionalText, toStoredText } from "./stored_text.ts";

/** What {@linkcode commitStatements} needs to know. */
export interface CommitRequest {
  readonly experimentId: number;
  readonly token: string;
  /** How long the lease is good for after the commit, in milliseconds. */
  readonly leaseMs: number;
  /** The id of the first record; the others follow. */
  readonly firstId: number;
  /** Whether an evaluation may hold items with an error. */
  mayHaveFailed(evaluation: EvaluationId): boolean;
}

/** The statements, and which of them insert items: their changes are the records stored. */
export interface CommitStatements {
  readonly statements: readonly Statement[];
  readonly inserting: readonly number[];
}

/** Statements that store records of distinct items. */
export function commitStatements(
  records: readonly ItemRecordDraft[],
  request: CommitRequest,
): CommitStatements {
  const statements: Statement[] = [];
  statements.push(...deleteFailed(keysToReplace(records, request)));
  const items = insertRows({
    table: "items",
    columns: ITEM_COLUMNS,
    blob: "key",
    rows: records.map((record, index) => itemRow(record, request.firstId + index)),
    rest: () => "WHERE true ON CONFLICT (evaluation_id, key, repeat) DO NOTHING",
  });
  const inserting = items.map((_, index) => statements.length + index);
  statements.push(...items);
  const scores = records.flatMap((record, index) => scoreRows(record, request.firstId + index));
  statements.push(...insertOfItems("scores", { columns: SCORE_COLUMNS, rows: scores }));
  const calls = records.flatMap((record, index) =>
    record.calls.map((call, ordinal) => callRow(call, { item: request.firstId + index, ordinal }))
  );
  statements.push(...insertOfItems("calls", { columns: CALL_COLUMNS, rows: calls }));
  const last = request.firstId + records.length - 1;
  statements.push(
    {
      sql: `UPDATE evaluations SET revision = revision + 1, updated_at = ${NOW}
        WHERE id IN (SELECT evaluation_id FROM items WHERE id BETWEEN ?1 AND ?2)`,
      args: [request.firstId, last],
    },
    {
      sql: `UPDATE experiments SET updated_at = ${NOW} WHERE id = ?1`,
      args: [request.experimentId],
    },
    renewLease(request.token, request.leaseMs),
  );
  return { statements, inserting };
}

/** Deletes those of some items, each with evaluation, key and repeat, that ended with an error. */
export function deleteFailed(keys: readonly (readonly SqlValue[])[]): readonly Statement[] {
  return [...chunks(keys)].flatMap((chunk) => DELETE_FAILED.map((sql) => ({ sql, args: [chunk] })));
}

const FAILED_AMONG = `SELECT i.id FROM json_each(?1) j CROSS JOIN items i INDEXED BY items_unsettled
  ON i.evaluation_id = j.value->>0 AND i.key = unhex(j.value->>1) AND i.repeat = j.value->>2
  WHERE error_name IS NOT NULL AND ${UNSETTLED}`;

/** Items last: the others are found by them. */
const DELETE_FAILED = [
  `DELETE FROM scores WHERE item_id IN (${FAILED_AMONG})`,
  `DELETE FROM calls WHERE item_id IN (${FAILED_AMONG})`,
  `DELETE FROM items WHERE id IN (${FAILED_AMONG})`,
];

const ITEM_COLUMNS = [
  "id",
  "evaluation_id",
  "key",
  "repeat",
  "position",
  "attempts",
  "started_at",
  "duration_ms",
  "row",
  "prompt",
  "response",
  "metadata",
  "error_name",
  "error_message",
  "error_stack",
];

const SCORE_COLUMNS = ["item_id", "ordinal", "name", "kind", "number", "value", "metadata"];

/**
 * Only of items that this commit inserted: their ids are new. The rows are there already
 * where the network has sent the whole commit a second time by itself.
 */
function insertOfItems(
  table: "scores" | "calls",
  { columns, rows }: Pick<JsonRows, "columns" | "rows">,
): readonly Statement[] {
  if (rows.length === 0) return [];
  return insertRows({
    table,
    columns,
    rows,
    rest: ofStoredItems,
  });
}

/** What follows rows that begin with an item's id: they are left out where there is no such item. */
export function ofStoredItems(rows: readonly (readonly SqlValue[])[]): string {
  const ids = rows.map((row) => Number(row[0]));
  const [first = 0] = ids;
  // What all share is no part of the rows' JSON.
  const id = ids.every((each) => each === first) ? first : "value->>0";
  return `WHERE EXISTS (SELECT 1 FROM items WHERE id = ${id}) ON CONFLICT DO NOTHING`;
}

function keysToReplace(
  records: readonly ItemRecordDraft[],
  request: CommitRequest,
): readonly SqlValue[][] {
  return records
    .filter((record) => request.mayHaveFailed(record.evaluation))
    .map((record) => [record.evaluation, record.key, record.repeat]);
}

function itemRow(record: ItemRecordDraft, id: number): readonly SqlValue[] {
  return [
    id,
    record.evaluation,
    record.key,
    record.repeat,
    record.position,
    record.attempts,
    record.startedAt,
    record.durationMs,
    toStoredText(record.row),
    toOptionalText(record.prompt),
    toOptionalText(record.response),
    toOptionalText(record.metadata),
    toOptionalText(record.error?.name),
    toOptionalText(record.error?.message),
    toOptionalText(record.error?.stack),
  ];
}

function scoreRows(record: ItemRecordDraft, id: number): readonly SqlValue[][] {
  return record.scores.map((score, ordinal) => {
    const { kind, number, value } = toStoredValue(score.value);
    const name = toStoredText(score.name);
    return [id, ordinal, name, kind, number, value, toOptionalText(score.metadata)];
  });
}
