/**
 * Records as people read them.
 *
 * @module
 */
import type { RecordedCall } from "../storage/recorded_call.ts";
import type { StoredRecord } from "../storage/stored_record.ts";
import { encode } from "../values/tagged.ts";
import { callSummary } from "./call_summary.ts";
import { shortKey } from "./item_key.ts";
import { placeOf } from "./item_place.ts";
import { durationText } from "./numbers.ts";
import { plain, plainLines } from "./plain_text.ts";
import { storedValue } from "./stored_value.ts";
import type { Style } from "./style.ts";

/** How lines are to look. */
export interface RecordLinesOptions {
  readonly style: Style;
  /** Items of the evaluation: keys are as long as to tell these apart. */
  readonly items: number;
}

/** One record, whole. */
export function recordLines(
  record: StoredRecord,
  { style, items }: RecordLinesOptions,
): readonly string[] {
  const { key, row, prompt, response, scores, error, metadata, attempts, durationMs } = record;
  const tries = attempts > 1 ? `, ${attempts} attempts` : "";
  return [
    `  ${style.bold(placeOf(record))} ${
      style.dim(`${shortKey(key, items)} ${durationText(durationMs)}${tries}`)
    }`,
    ...field("row", row, style),
    ...prompt === undefined ? [] : field("prompt", prompt, style),
    ...response === undefined ? [] : field("response", response, style),
    ...record.calls.some(saysMore) || record.calls.length > 1
      ? record.calls.flatMap((call) => callLines(call, style))
      : [],
    ...scores.flatMap(({ name, value }) => field(plain(name), encode(value), style)),
    ...error ? field("error", encode(`${error.name}: ${error.message}`), style) : [],
    ...metadata === undefined ? [] : field("metadata", metadata, style),
  ];
}

/** Whether a lone call says anything that its item does not. */
function saysMore({ inputTokens, error, request }: RecordedCall): boolean {
  return inputTokens !== undefined || error !== undefined || request !== undefined;
}

/** A call in a line, and what it asked and answered where that is not the item's own. */
function callLines(call: RecordedCall, style: Style): readonly string[] {
  const { model, error } = call;
  const took = [...callSummary(call), ...error === undefined ? [] : [error]];
  return [
    ...field("call", encode(`${model} ${took.join(", ")}`), style),
    ...indented(call.request === undefined ? [] : field("asked", call.request, style)),
    ...indented(call.response === undefined ? [] : field("answered", call.response, style)),
  ];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

/** A stored value under its name: text as it is, over several lines where it has them. */
function field(name: string, stored: string, style: Style): readonly string[] {
  const [first = "", ...rest] = plainLines(storedValue(stored));
  return [
    `    ${style.dim(`${name}:`)} ${first}`,
    ...rest.map((line) => `      ${line}`.trimEnd()),
  ];
}
