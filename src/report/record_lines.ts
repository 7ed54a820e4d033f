/**
 * Records and errors as people read them.
 *
 * @module
 */
import type { RecordedCall } from "../storage/recorded_call.ts";
import type { StoredRecord } from "../storage/storage.ts";
import { decode, encode } from "../values/tagged.ts";
import type { GroupedErrors } from "./error_groups.ts";
import { counted, countText, dollarsText, durationText } from "./numbers.ts";
import { plain, plainLines } from "./plain_text.ts";
import { truncated } from "./text_width.ts";
import type { Style } from "./style.ts";

const EXAMPLE_WIDTH = 200;

/** How lines are to look. */
export interface RecordLinesOptions {
  readonly style: Style;
  /** Columns that a line may take; `undefined` for as many as it needs. */
  readonly columns: number | undefined;
}

/** Each group of errors with its number and some of the rows that it happened to. */
export function errorLines(errors: GroupedErrors, options: RecordLinesOptions): readonly string[] {
  const { style, columns = EXAMPLE_WIDTH } = options;
  const lines = errors.groups.flatMap(({ name, message, count, examples }) => [
    `  ${style.red(`${count} ×`)} ${firstIndented(`${name}: ${message}`)}`,
    ...examples.map((record) =>
      style.dim(truncated(`    ${placeOf(record)}: ${plain(record.row)}`, columns))
    ),
  ]);
  return errors.others === 0
    ? lines
    : [...lines, `  ${counted(errors.others, "error")} more, each with a message of its own`];
}

/** One record, whole. */
export function recordLines(
  record: StoredRecord,
  { style }: RecordLinesOptions,
): readonly string[] {
  const { row, prompt, response, scores, error, metadata, attempts, durationMs } = record;
  const tries = attempts > 1 ? `, ${attempts} attempts` : "";
  return [
    `  ${style.bold(placeOf(record))} ${style.dim(`${durationText(durationMs)}${tries}`)}`,
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
  const { model, kind, attempts, latencyMs, inputTokens, outputTokens, cost, error } = call;
  const took = [
    kind === "generate" ? undefined : kind,
    latencyMs === undefined ? undefined : durationText(latencyMs),
    attempts > 1 ? `${attempts} attempts` : undefined,
    inputTokens === undefined
      ? undefined
      : `${countText(inputTokens)} + ${countText(outputTokens ?? 0)} tokens`,
    cost === undefined ? undefined : dollarsText(cost),
    error,
  ].filter((part) => part !== undefined);
  return [
    ...field("call", encode(`${model} ${took.join(", ")}`), style),
    ...indented(call.request === undefined ? [] : field("asked", call.request, style)),
    ...indented(call.response === undefined ? [] : field("answered", call.response, style)),
  ];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

/** Where a record's row stands in the dataset, and which repeat it is: from 0, as stored. */
function placeOf({ position, repeat }: StoredRecord): string {
  return `row ${position}${repeat > 0 ? `, repeat ${repeat}` : ""}`;
}

/** A stored value under its name: text as it is, over several lines where it has them. */
function field(name: string, stored: string, style: Style): readonly string[] {
  const value = decode(stored);
  const [first = "", ...rest] = plainLines(typeof value === "string" ? value : stored);
  return [
    `    ${style.dim(`${name}:`)} ${first}`,
    ...rest.map((line) => `      ${line}`.trimEnd()),
  ];
}

function firstIndented(text: string): string {
  return plainLines(text).join("\n      ");
}
