/**
 * The full story of an item: its row, calls with their attempts, scores, error and times.
 *
 * @module
 */
import type { CallTry, RecordedCall } from "../storage/recorded_call.ts";
import type { StoredRecord } from "../storage/stored_record.ts";
import { encode } from "../values/tagged.ts";
import { callSummary } from "./call_summary.ts";
import { placeOf } from "./item_place.ts";
import { counted, countText, durationText } from "./numbers.ts";
import { plain, plainLines } from "./plain_text.ts";
import { storedValue } from "./stored_value.ts";
import type { Style } from "./style.ts";

/** Lines and characters of one text, where not all is wanted. */
const MOST_LINES = 30;
const MOST_CHARACTERS = 3_000;
const MOST_FRAMES = 4;

/** How the story is told. */
export interface ItemLinesOptions {
  /** The evaluation that it belongs to, and its variant, plain. */
  readonly label: string;
  readonly style: Style;
  /** Whether long texts are whole. */
  readonly full: boolean;
}

/** The lines of an item's story. */
export function itemLines(record: StoredRecord, options: ItemLinesOptions): readonly string[] {
  const { label, style } = options;
  const { key, row, prompt, response, scores, error, metadata, calls } = record;
  return [
    `${style.bold(label)} ${placeOf(record)}`,
    ...fact("key", key, style),
    ...fact("status", statusOf(record, style), style),
    ...fact("started", timeText(record.startedAt), style),
    ...fact("took", tookText(record), style),
    ...rowLines(row, options),
    ...prompt === undefined ? [] : block("prompt", prompt, options),
    ...calls.flatMap((call, at) => callLines(call, { ...options, number: at + 1 })),
    ...response === undefined ? [] : block("response", response, options),
    ...scores.length === 0 ? [] : [style.dim("scores")],
    ...scores.flatMap(({ name, value, metadata }) => [
      `  ${plain(name)} ${style.bold(plain(storedValue(encode(value))))}`,
      ...metadata === undefined ? [] : indented(block("metadata", metadata, options), 2),
    ]),
    ...error
      ? [
        style.red("error"),
        ...indented(textLines(`${error.name}: ${error.message}`, options), 2),
        ...error.stack === undefined
          ? []
          : indented(textLines(frames(error.stack, options), options).map(style.dim), 4),
      ]
      : [],
    ...metadata === undefined ? [] : block("metadata", metadata, options),
  ];
}

function statusOf({ error, gone, attempts }: StoredRecord, style: Style): string {
  const tries = attempts > 1 ? ` after ${counted(attempts, "attempt")}` : "";
  const end = error ? style.red(`ended with an error${tries}`) : style.green(`recorded${tries}`);
  return gone ? `${end}; its row is no longer in the dataset` : end;
}

function tookText({ durationMs, calls }: StoredRecord): string {
  const inCalls = calls.reduce((sum, { latencyMs = 0 }) => sum + latencyMs, 0);
  if (calls.length === 0) return durationText(durationMs);
  const its = calls.length === 1 ? "its call" : `its ${calls.length} calls`;
  return `${durationText(durationMs)}, ${durationText(inCalls)} in ${its}`;
}

/** The row's columns under each other; any other row as it is. */
function rowLines(row: string, options: ItemLinesOptions): readonly string[] {
  const value: unknown = JSON.parse(row);
  if (typeof value !== "object" || value === null || Array.isArray(value) || "$type" in value) {
    return block("row", row, options);
  }
  return [
    options.style.dim("row"),
    ...Object.entries(value).flatMap(([name, column]) => {
      const [first = "", ...rest] = textLines(storedValue(JSON.stringify(column)), options);
      return [`  ${plain(name)}: ${first}`, ...rest.map((line) => `    ${line}`)];
    }),
  ];
}

function callLines(
  call: RecordedCall,
  { number, ...options }: ItemLinesOptions & { readonly number: number },
): readonly string[] {
  const { style } = options;
  const { startedAt, tries = [], request, response, error } = call;
  const started = startedAt === undefined ? "" : ` at ${timeText(startedAt).slice(11, 23)}`;
  return [
    `${style.dim(`call ${number}`)} ${style.bold(plain(call.model))}${style.dim(started)}`,
    ...indented(callSummary(call).map((part) => plain(part)), 2),
    ...indented(tries.map((attempt, at) => tryLine(attempt, { number: at + 1, style })), 2),
    ...error === undefined || tries.length > 0 ? [] : [`  ${style.red(plain(error))}`],
    ...request === undefined ? [] : indented(block("asked", request, options), 2),
    ...response === undefined ? [] : indented(block("answered", response, options), 2),
  ];
}

function tryLine(
  { sentMs, latencyMs, error }: CallTry,
  { number, style }: { readonly number: number; readonly style: Style },
): string {
  const end = error === undefined ? style.green("answered") : style.red(plain(error));
  return `attempt ${number}  after ${durationText(sentMs)}  took ${
    durationText(latencyMs)
  }  ${end}`;
}

function fact(name: string, text: string, style: Style): readonly string[] {
  return [`  ${style.dim(name.padEnd(7))} ${text}`];
}

/** A stored value under its name. */
function block(name: string, stored: string, options: ItemLinesOptions): readonly string[] {
  return [options.style.dim(name), ...indented(textLines(storedValue(stored), options), 2)];
}

/** The lines of a text; what is left out of a long one is said. */
function textLines(text: string, { full, style }: ItemLinesOptions): readonly string[] {
  const lines = plainLines(full ? text : text.slice(0, MOST_CHARACTERS));
  const some = full ? lines : lines.slice(0, MOST_LINES);
  const length = some.reduce((sum, line) => sum + line.length + 1, -1);
  const left = text.length - length;
  const isCut = !full && (text.length > MOST_CHARACTERS || lines.length > MOST_LINES);
  return isCut
    ? [...some, style.dim(`… (${countText(Math.max(1, left))} more characters: --full)`)]
    : some;
}

/** A stack without the message; those who called what failed last are rarely of interest. */
function frames(stack: string, { full }: ItemLinesOptions): string {
  const lines = stack.split("\n");
  const first = lines.findIndex((line) => /^\s+at /.test(line));
  const own = (first === -1 ? lines : lines.slice(first)).map((line) => line.trim());
  return (full ? own : own.slice(0, MOST_FRAMES)).join("\n");
}

function indented(lines: readonly string[], columns: number): readonly string[] {
  return lines.map((line) => (" ".repeat(columns) + line).trimEnd());
}

function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("T", " ").replace("Z", " UTC");
}
