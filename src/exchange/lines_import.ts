/**
 * Imports what the formats `jsonl` and `json` hold.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import type { Entry } from "./entry.ts";
import { importError } from "./fields.ts";
import { allLines, linesIn } from "./import_file.ts";
import { parseLine } from "./parse_line.ts";

/** What the lines of a file say, as they are read. */
export async function* entriesOfLines(path: string): AsyncGenerator<Entry> {
  for await (const { number, text } of linesIn(path)) {
    const place = `${path}, line ${number}`;
    yield parseLine(parsed(text, place), place);
  }
}

/** What the elements of a document say; it is read into memory whole. */
export async function* entriesOfDocument(path: string): AsyncGenerator<Entry> {
  const texts: string[] = [];
  for await (const lines of allLines(path)) texts.push(...lines.map(({ text }) => text));
  const document = parsed(texts.join("\n"), path);
  if (!Array.isArray(document)) throw importError(path, "the document is no list");
  for (const [at, value] of document.entries()) {
    yield parseLine(value, `${path}, element ${at + 1}`);
  }
}

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw importError(place, `it is no JSON: ${messageOf(cause)}`, cause);
  }
}
