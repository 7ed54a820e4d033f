/**
 * A result as a row of a table, whose cells hold what `cell.ts` says.
 *
 * @module
 */
import { callsJson } from "../report/result_line.ts";
import type { StoredEvaluation } from "../storage/stored_evaluation.ts";
import type { StoredRecord } from "../storage/stored_record.ts";
import { encode } from "../values/tagged.ts";
import { cellOf } from "./cell.ts";

/** What every result has, whatever its row and its scores are. */
export const LEADING_COLUMNS = ["evaluation", "variant", "key", "position", "repeat"] as const;

/** What stands behind the row and the scores. */
export const TRAILING_COLUMNS = [
  "error",
  "errorMessage",
  "errorStack",
  "metadata",
  "scoreMetadata",
  "attempts",
  "startedAt",
  "durationMs",
  "calls",
  "gone",
] as const;

/** The cells of a result but those of its row and its scores, by column. */
export function cellsOf(
  record: StoredRecord,
  { name, variant }: StoredEvaluation,
): Readonly<Record<string, string>> {
  const { error } = record;
  const metadata = record.scores.flatMap(({ name, metadata }) =>
    metadata === undefined ? [] : [[name, JSON.parse(metadata)] as const]
  );
  const text = (value: string | undefined) =>
    cellOf(value === undefined ? undefined : JSON.stringify(value));
  return {
    evaluation: text(name),
    variant: cellOf(variant),
    key: record.key,
    position: String(record.position),
    repeat: String(record.repeat),
    prompt: cellOf(record.prompt),
    response: cellOf(record.response),
    error: text(error?.name),
    errorMessage: text(error?.message),
    errorStack: text(error?.stack),
    metadata: cellOf(record.metadata),
    scoreMetadata: metadata.length === 0
      ? ""
      : cellOf(JSON.stringify(Object.fromEntries(metadata))),
    attempts: String(record.attempts),
    startedAt: new Date(record.startedAt).toISOString(),
    durationMs: String(record.durationMs),
    calls: record.calls.length === 0 ? "" : cellOf(callsJson(record)),
    gone: record.gone ? "true" : "",
  };
}

/** The cell of a score. */
export function scoreCell(value: StoredRecord["scores"][number]["value"]): string {
  return cellOf(encode(value));
}
