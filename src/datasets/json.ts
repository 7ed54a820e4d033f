/**
 * Rows from a JSON document.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import { DatasetError } from "./dataset_error.ts";
import { type Lines, rowStream } from "./row_stream.ts";
import type { SourceOptions } from "./source.ts";

/** Options for {@linkcode json}. */
export interface JsonOptions extends SourceOptions {
  /** Where in the document the array is: `"data.items"`. The document itself unless given. */
  readonly at?: string;
}

/**
 * The rows of a JSON document: the elements of its array. The whole document is held in memory; give
 * large data as JSON Lines.
 *
 * Paths and URLs are those of {@linkcode jsonl}. The type of the rows is taken on trust.
 *
 * @throws {DatasetError} in the iteration: `dataset-missing`, `dataset-http`, `dataset-changed`, or
 * `dataset-unreadable` where the document is no JSON or has no array there
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
  const { at, ...source } = options;
  return rowStream<Row>(path, async function* (lines, name) {
    yield* arrayAt(await parse(lines, name), at, name) as Row[];
  }, source);
}

async function parse(lines: Lines, path: string): Promise<unknown> {
  const texts: string[] = [];
  for await (const several of lines) {
    for (const { text, valid, number } of several) {
      if (!valid) throw unreadable(path, "the line is not UTF-8", { line: number });
      texts.push(text);
    }
  }
  try {
    return JSON.parse(texts.join("\n"));
  } catch (cause) {
    const [, line] = messageOf(cause).match(/\(line (\d+) column \d+\)$/) ?? [];
    const place = line === undefined ? {} : { line: Number(line) };
    throw unreadable(path, `it is no JSON: ${messageOf(cause)}`, { ...place, cause });
  }
}

function arrayAt(document: unknown, at: string | undefined, path: string): readonly unknown[] {
  let value = document;
  for (const name of at?.split(".") ?? []) {
    value = typeof value === "object" && value !== null && Object.hasOwn(value, name)
      ? Reflect.get(value, name)
      : undefined;
  }
  if (Array.isArray(value)) return value;
  const place = at === undefined ? "the document is no array" : `there is no array at ${at}`;
  throw unreadable(path, place, {});
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
    hint: 'The rows are the elements of an array; json(path, { at: "data.items" }) says where.',
    ...options,
  });
}
