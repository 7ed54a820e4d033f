/**
 * Rows from JSON Lines.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import { badRow } from "../evaluation/bad_row.ts";
import { lineError } from "./dataset_error.ts";
import { type Lines, rowStream } from "./row_stream.ts";
import type { SourceOptions } from "./source.ts";

/** Options for {@linkcode jsonl}. */
export type JsonlOptions = SourceOptions;

/**
 * The rows of a JSON Lines file: one JSON value per line, read as a stream.
 *
 * A relative path starts at the current directory. For a file beside the evaluation give
 * `new URL("./rows.jsonl", import.meta.url)` or `import.meta.resolve("./rows.jsonl")`; an
 * `http:` or `https:` URL is fetched. Each iteration opens the file anew and closes it at its
 * end.
 *
 * Blank lines are skipped. A line that is no JSON becomes an item with an error that names path
 * and line, and the other rows run. The type of the rows is taken on trust.
 *
 * @throws {DatasetError} in the iteration: `dataset-missing`, `dataset-http` or
 * `dataset-unreadable`
 *
 * @example
 * ```ts
 * import { jsonl } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".jsonl" });
 * await Deno.writeTextFile(path, '{"question":"2 + 2?","answer":4}\n');
 * const rows = await Array.fromAsync(jsonl<{ question: string; answer: number }>(path));
 * assertEquals(rows, [{ question: "2 + 2?", answer: 4 }]);
 * ```
 */
export function jsonl<Row = Record<string, unknown>>(
  path: string | URL,
  options: JsonlOptions = {},
): AsyncIterable<Row> {
  return rowStream<Row>(path, jsonRows, options);
}

async function* jsonRows<Row>(lines: Lines, path: string): AsyncGenerator<Row, void> {
  for await (const several of lines) {
    for (const { number, text, valid } of several) {
      if (text.trim() !== "") yield parse(text, valid, number, path) as Row;
    }
  }
}

function parse(text: string, valid: boolean, line: number, path: string): unknown {
  if (!valid) return badRow(lineError(path, line, "the line is not UTF-8"), text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own line and column count from this line's start.
    const reason = messageOf(cause).replace(/ \(line \d+ column \d+\)$/, "");
    const problem = `the line is no JSON: ${reason}`;
    return badRow(lineError(path, line, problem, cause), text);
  }
}
