/**
 * Imports what the formats `jsonl` and `json` hold.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import type { Entry } from "./entry.ts";
import { importError } from "./fields.ts";
import { JsonElements, JsonStructureError } from "../datasets/json_elements.ts";
import { bytesIn, linesIn } from "./import_file.ts";
import { parseLine } from "./parse_line.ts";

/** What the lines of a file say, as they are read. */
export async function* entriesOfLines(path: string): AsyncGenerator<Entry> {
  let isEmpty = true;
  for await (const { number, text } of linesIn(path)) {
    isEmpty = false;
    const place = `${path}, line ${number}`;
    yield parseLine(parsed(text, place), place);
  }
  if (isEmpty) throw importError(path, "it is empty");
}

/** What the elements of a document say, as they are read. */
export async function* entriesOfDocument(path: string): AsyncGenerator<Entry> {
  const elements = new JsonElements([]);
  try {
    for await (const chunk of bytesIn(path)) {
      for (const { line, bytes } of elements.take(chunk)) {
        const place = `${path}, line ${line}`;
        yield parseLine(parsed(textOf(bytes, place), place), place);
      }
    }
    elements.end();
  } catch (cause) {
    if (!(cause instanceof JsonStructureError)) throw cause;
    throw importError(`${path}, line ${cause.line}`, cause.message, cause);
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function textOf(bytes: Uint8Array, place: string): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw importError(place, "it is not UTF-8", cause);
  }
}

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw importError(place, `it is no JSON: ${messageOf(cause)}`, cause);
  }
}
