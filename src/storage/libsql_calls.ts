/**
 * Calls of models as rows, and what they add up to.
 *
 * @module
 */
import type { Database } from "./database.ts";
import {
  type CallKind,
  type CallTotals,
  type CallTry,
  type RecordedCall,
  totalsOf,
} from "./recorded_call.ts";
import { numberAt, type SqlRow, type SqlValue, textAt } from "./sql.ts";
import type { EvaluationId } from "./stored_evaluation.ts";
import { fromOptionalText, fromStoredText, toOptionalText, toStoredText } from "./stored_text.ts";

/** What a call is, beside its item and its place among the item's calls. */
const OWN_COLUMNS = [
  "model",
  "kind",
  "attempts",
  "latency_ms",
  "time_to_first_token_ms",
  "input_tokens",
  "output_tokens",
  "cached_tokens",
  "reasoning_tokens",
  "cost",
  "finish_reason",
  "error",
  "request",
  "response",
  "started_at",
  "tries",
] as const;

/** The columns of {@linkcode callRow}. */
export const CALL_COLUMNS: readonly string[] = ["item_id", "ordinal", ...OWN_COLUMNS];

/** The calls of the item `i` as a JSON array, for {@linkcode toCalls}. */
export const CALLS_OF_ITEM = `SELECT json_group_array(json_array(${OWN_COLUMNS.join(", ")}))
  FROM (SELECT * FROM calls c WHERE c.item_id = i.id ORDER BY c.ordinal)`;

/** A call as a row. */
export function callRow(
  call: RecordedCall,
  { item, ordinal }: { readonly item: number; readonly ordinal: number },
): readonly SqlValue[] {
  return [
    item,
    ordinal,
    toStoredText(call.model),
    call.kind,
    call.attempts,
    call.latencyMs ?? null,
    call.timeToFirstTokenMs ?? null,
    call.inputTokens ?? null,
    call.outputTokens ?? null,
    call.cachedTokens ?? null,
    call.reasoningTokens ?? null,
    call.cost ?? null,
    toOptionalText(call.finishReason),
    toOptionalText(call.error),
    toOptionalText(call.request),
    toOptionalText(call.response),
    call.startedAt ?? null,
    call.tries ? triesText(call.tries) : null,
  ];
}

/** A call as {@linkcode CALLS_OF_ITEM} has it. */
type StoredCall = readonly [
  model: string,
  kind: CallKind,
  attempts: number,
  latencyMs: number | null,
  timeToFirstTokenMs: number | null,
  inputTokens: number | null,
  outputTokens: number | null,
  cachedTokens: number | null,
  reasoningTokens: number | null,
  cost: number | null,
  finishReason: string | null,
  error: string | null,
  request: string | null,
  response: string | null,
  startedAt: number | null,
  tries: string | null,
];

/** An attempt as it is stored. */
type StoredTry = readonly [sentMs: number, latencyMs: number, error: string | null];

function triesText(tries: readonly CallTry[]): string {
  return JSON.stringify(
    tries.map(({ sentMs, latencyMs, error = null }): StoredTry => [sentMs, latencyMs, error]),
  );
}

function toTries(json: string): readonly CallTry[] {
  const tries: readonly StoredTry[] = JSON.parse(json);
  return tries.map(([sentMs, latencyMs, error]) => ({
    sentMs,
    latencyMs,
    error: error ?? undefined,
  }));
}

/** Undoes {@linkcode CALLS_OF_ITEM}. */
export function toCalls(json: string): readonly RecordedCall[] {
  const calls: readonly StoredCall[] = JSON.parse(json);
  return calls.map((call) => ({
    model: fromStoredText(call[0]),
    kind: call[1],
    attempts: call[2],
    ...call[14] !== null && { startedAt: call[14] },
    ...call[15] !== null && { tries: toTries(call[15]) },
    latencyMs: call[3] ?? undefined,
    timeToFirstTokenMs: call[4] ?? undefined,
    inputTokens: call[5] ?? undefined,
    outputTokens: call[6] ?? undefined,
    cachedTokens: call[7] ?? undefined,
    reasoningTokens: call[8] ?? undefined,
    cost: call[9] ?? undefined,
    finishReason: fromOptionalText(call[10]),
    error: fromOptionalText(call[11]),
    request: fromOptionalText(call[12]),
    response: fromOptionalText(call[13]),
  }));
}

/** Great sums are no whole numbers to the client: it takes only those below 2⁵³. */
const TOTALS = `SELECT model, calls, failed, input_tokens, output_tokens, cached_tokens,
    reasoning_tokens, priced, cost_picodollars * 1.0, timed, latency_us * 1.0
  FROM call_totals WHERE evaluation_id = ?1 AND calls > 0 ORDER BY model`;

/** What the calls of an evaluation add up to, by model. */
export async function readCallTotals(
  database: Database,
  evaluation: EvaluationId,
): Promise<readonly CallTotals[]> {
  return (await database.rows({ sql: TOTALS, args: [evaluation] })).map(toTotals);
}

function toTotals(row: SqlRow): CallTotals {
  return totalsOf({
    model: fromStoredText(textAt(row, 0)),
    calls: numberAt(row, 1),
    failed: numberAt(row, 2),
    inputTokens: numberAt(row, 3),
    outputTokens: numberAt(row, 4),
    cachedTokens: numberAt(row, 5),
    reasoningTokens: numberAt(row, 6),
    priced: numberAt(row, 7),
    picodollars: numberAt(row, 8),
    timed: numberAt(row, 9),
    latencyUs: numberAt(row, 10),
  });
}
