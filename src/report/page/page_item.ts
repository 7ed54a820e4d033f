/**
 * A recorded item as the page has it.
 *
 * @module
 */
import type { RecordedCall } from "../../storage/recorded_call.ts";
import type { RecordedScore, StoredRecord } from "../../storage/stored_record.ts";
import { encode } from "../../values/tagged.ts";
import { callSummary } from "../call_summary.ts";
import { plain, plainText } from "../plain_text.ts";
import { shortened } from "../shortened.ts";
import { storedValue } from "../stored_value.ts";
import type { PageCall, PageItem, PageScore } from "./data.ts";

/** Characters of a text. */
const TEXT = 20_000;

/** Characters of a call's line, of which its error is a part. */
const TITLE = 1_000;

/** Makes the texts plain, and cuts long ones. */
export function pageItem(record: StoredRecord, evaluation: number): PageItem {
  const { key, position, repeat, row, prompt, response, error, metadata } = record;
  return {
    evaluation,
    key,
    position,
    repeat,
    row: textOf(row),
    prompt: prompt === undefined ? undefined : textOf(prompt),
    response: response === undefined ? undefined : textOf(response),
    scores: record.scores.map(pageScore),
    error: error && {
      name: plain(error.name),
      message: cut(error.message),
      stack: error.stack === undefined ? undefined : cut(error.stack),
    },
    metadata: metadata === undefined ? undefined : textOf(metadata),
    attempts: record.attempts,
    durationMs: record.durationMs,
    calls: record.calls.map(pageCall),
  };
}

/** A kind of error, as the items of the page name it. */
export function pageError({ name, message }: { readonly name: string; readonly message: string }) {
  return { name: plain(name), message: cut(message) };
}

function pageScore({ name, value, metadata }: RecordedScore): PageScore {
  return {
    name: plain(name),
    value: typeof value === "boolean" || typeof value === "number" && Number.isFinite(value)
      ? value
      : cut(typeof value === "object" ? encode(value) : String(value)),
    metadata: metadata === undefined ? undefined : textOf(metadata),
  };
}

function pageCall(call: RecordedCall): PageCall {
  const { model, error } = call;
  const parts = [model, ...callSummary(call), ...error === undefined ? [] : [error]];
  return {
    title: plain(shortened(parts.join(", "), TITLE)),
    request: call.request === undefined ? undefined : textOf(call.request),
    response: call.response === undefined ? undefined : textOf(call.response),
  };
}

function textOf(stored: string): string {
  return cut(storedValue(stored));
}

function cut(text: string): string {
  return plainText(shortened(text, TEXT));
}
