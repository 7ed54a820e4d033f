/**
 * What is recorded of an item whose result is too large for the storage.
 *
 * @module
 */
import type { DotevalsError } from "../errors.ts";
import type { ItemRecordDraft } from "./stored_record.ts";

/** The name of the error that is recorded. */
export const TOO_LARGE_ERROR = "TooLargeError";

/** The record with its contents left out, and an error that says so. */
export function leftOut(record: ItemRecordDraft, refusal: DotevalsError): ItemRecordDraft {
  const { row, prompt = "", response = "", metadata = "" } = record;
  const calls = record.calls.map(({ request, response }) => `${request ?? ""}${response ?? ""}`)
    .join("");
  const parts = { row, prompt, response, metadata, calls };
  const sizes = Object.entries(parts).filter(([, text]) => text.length > 0)
    .map(([name, text]) => `${name} ${text.length.toLocaleString("en")}`);
  return {
    ...record,
    row: JSON.stringify("(left out: too large to be stored)"),
    prompt: undefined,
    response: undefined,
    metadata: undefined,
    error: {
      name: TOO_LARGE_ERROR,
      message: "The result is too large to be stored and was left out; characters: " +
        `${sizes.join(", ")}. ${refusal.message}`,
      stack: undefined,
    },
    scores: [],
    calls: record.calls.map((call) => ({ ...call, request: undefined, response: undefined })),
  };
}
