/**
 * An experiment as JSON Lines: what the reporter `jsonl` writes and `dotevals export` does.
 *
 * A line names its kind in `type`. Nothing that is stored is lost in them: what is not known is
 * left out, and values that JSON lacks are in tagged form (docs/json.md).
 *
 * @module
 */
import type { RecordedCall } from "../storage/recorded_call.ts";
import type { StoredEvaluation } from "../storage/stored_evaluation.ts";
import type { StoredMetric } from "../storage/stored_metric.ts";
import type { ItemRecordDraft } from "../storage/stored_record.ts";
import { toTagged } from "../values/tagged.ts";
import { safeJson } from "./json_text.ts";

/** The version of the lines. */
export const LINES_VERSION = 1;

/** Names an evaluation; its variant is encoded. */
export type EvaluationName = Pick<StoredEvaluation, "name" | "variant">;

/** The first line. */
export function experimentLine(name: string): string {
  return line({ type: "experiment", version: LINES_VERSION, name });
}

/** The line of an evaluation, which stands before those of its results. */
export function evaluationLine(stored: StoredEvaluation, metrics: readonly StoredMetric[]): string {
  const { name, variant, fingerprint, status, items, metadata, tags } = stored;
  return line({
    type: "evaluation",
    name,
    variant: JSON.parse(variant),
    fingerprint,
    status,
    items,
    ...metadata !== undefined && { metadata: JSON.parse(metadata) },
    tags,
    metrics: metrics.map(({ score, metric, parameters, computed }) => ({
      score,
      metric,
      parameters: toTagged(parameters),
      ...computed && {
        value: toTagged(computed.value),
        ...computed.details !== undefined && { details: toTagged(computed.details) },
        results: computed.results,
        current: computed.revision === stored.revision,
      },
    })),
  });
}

/** The line of a result. */
export function resultLine(
  record: ItemRecordDraft & { readonly gone?: boolean },
  { name, variant }: EvaluationName,
): string {
  const { key, position, repeat, row, prompt, response, metadata, error, gone } = record;
  const { attempts, startedAt, durationMs } = record;
  // What the storage keeps encoded is put in as it is.
  const parts: readonly (readonly [name: string, json: string | undefined])[] = [
    ["type", '"result"'],
    ["evaluation", JSON.stringify(name)],
    ["variant", variant],
    ["key", JSON.stringify(key)],
    ["position", JSON.stringify(position)],
    ["repeat", JSON.stringify(repeat)],
    ["row", row],
    ["prompt", prompt],
    ["response", response],
    ["scores", scoresJson(record)],
    ["error", error && JSON.stringify(error)],
    ["metadata", metadata],
    ["attempts", JSON.stringify(attempts)],
    ["startedAt", JSON.stringify(new Date(startedAt).toISOString())],
    ["durationMs", JSON.stringify(durationMs)],
    ["calls", callsJson(record)],
    ["gone", gone === true ? "true" : undefined],
  ];
  const fields = parts.flatMap(([name, json]) => json === undefined ? [] : [`"${name}":${json}`]);
  return `${safeJson(`{${fields.join(",")}}`)}\n`;
}

/** The scores of a result, as a list. */
export function scoresJson({ scores }: Pick<ItemRecordDraft, "scores">): string {
  return JSON.stringify(scores.map(({ name, value, metadata }) => ({
    name,
    value: toTagged(value),
    ...metadata !== undefined && { metadata: JSON.parse(metadata) },
  })));
}

/** The calls of a result, as a list. */
export function callsJson({ calls }: Pick<ItemRecordDraft, "calls">): string {
  return `[${calls.map(callJson).join(",")}]`;
}

function callJson({ request, response, ...call }: RecordedCall): string {
  const fields = JSON.stringify(call).slice(0, -1);
  return `${fields}${request === undefined ? "" : `,"request":${request}`}${
    response === undefined ? "" : `,"response":${response}`
  }}`;
}

function line(value: object): string {
  return `${safeJson(JSON.stringify(value))}\n`;
}
