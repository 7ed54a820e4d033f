/**
 * Rows from a JSON document.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import { badRow } from "../evaluation/bad_row.ts";
import { chunksOf } from "./chunks.ts";
import { DatasetError, lineError } from "./dataset_error.ts";
import { type JsonElement, JsonElements, JsonStructureError } from "./json_elements.ts";
import { openUnless } from "./row_stream.ts";
import { nameOf, type SourceOptions } from "./source.ts";
import { stoppable } from "./stoppable.ts";

/** Options for {@linkcode json}. */
export interface JsonOptions extends SourceOptions {
  /** Where in the document the array is: `"data.items"`. The document itself unless given. */
  readonly at?: string;
}

/**
 * The rows of a JSON document, read as a stream: the elements of its array.
 *
 * Paths and URLs are those of {@linkcode jsonl}. An element that is no JSON becomes an item with an error that names path,
 * line and element, and the other rows run. Of two arrays of one name the first is read. The type of the rows is taken on
 * trust.
 *
 * @throws {DatasetError} in the iteration: `dataset-missing`, `dataset-http`, `dataset-changed`, or
 * `dataset-unreadable` where the document has no array there, or ends too early
 *
 * @example
 * ```ts
 * import { json } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".json" });
 * await Deno.writeTextFile(path, '{"items": [{"question": "2 + 2?", "answer": 4}]}');
 * const rows = json<{ question: string; answer: number }>(path, { at: "items" });
 * assertEquals(await Array.fromAsync(rows), [{ question: "2 + 2?", answer: 4 }]);
 * ```
 */
export function json<Row = Record<string, unknown>>(
  path: string | URL,
  options: JsonOptions = {},
): AsyncIterable<Row> {
  return stoppable((signal) => jsonRows<Row>(path, { ...options, signal }));
}

async function* jsonRows<Row>(
  path: string | URL,
  { at, signal, ...source }: JsonOptions & { readonly signal: AbortSignal },
): AsyncGenerator<Row, void> {
  const name = nameOf(path);
  const bytes = await openUnless(signal, path, source);
  if (bytes === undefined) return;
  const elements = new JsonElements(at?.split(".") ?? []);
  let last = 0;
  const broken = (cause: unknown) =>
    unreadable(name, `it breaks off after element ${last}: ${messageOf(cause)}`, { cause });
  try {
    for await (const chunk of chunksOf(bytes, signal, broken)) {
      for (const element of elements.take(chunk)) {
        last = element.number;
        yield rowOf(element, name) as Row;
      }
    }
    if (!signal.aborted) elements.end();
  } catch (cause) {
    if (!(cause instanceof JsonStructureError)) throw cause;
    throw unreadable(name, cause.message, { line: cause.line });
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function rowOf({ number, line, bytes }: JsonElement, path: string): unknown {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    const replaced = new TextDecoder().decode(bytes);
    return badRow(lineError(path, line, `element ${number} is not UTF-8`), replaced);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own line and column count from the element's start.
    const reason = messageOf(cause).replace(/ \(line \d+ column \d+\)$/, "");
    return badRow(lineError(path, line, `element ${number} is no JSON: ${reason}`, cause), text);
  }
}

function unreadable(
  path: string,
  problem: string,
  options: { readonly line?: number; readonly cause?: unknown },
): DatasetError {
  const place = options.line === undefined ? path : `${path}, line ${options.line}`;
  return new DatasetError(`${place}: ${problem}.`, {
    code: "dataset-unreadable",
    path,
    hint: 'The rows are the elements of an array; json(path, { at: "data.items" }) says where. ' +
      "One value a line is what jsonl(path) reads.",
    ...options,
  });
}
