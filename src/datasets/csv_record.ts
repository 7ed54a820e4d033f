/**
 * Splits CSV into records as RFC 4180 says, and goes on behind a malformed one.
 *
 * Our own, not `@std/csv` or `csv-parse`: the stream of the former ends at the first malformed
 * record, does not say on which line a record starts, and turns `\r\n` inside quotes into `\n`;
 * with the latter a quote that is never closed takes the rest of the file with it.
 *
 * @module
 */
import type { Line } from "./lines.ts";
import type { Lines } from "./row_stream.ts";

/** One record, or why there is none on this line. */
export type CsvRecord =
  | { readonly line: number; readonly text: string; readonly fields: readonly string[] }
  | { readonly line: number; readonly text: string; readonly problem: string };

/** A quoted field may span so many characters before it counts as not closed. */
const LONGEST_QUOTE = 64 * 1024 * 1024;

const OPEN = "a quoted field is not closed";

/**
 * The records of a CSV text, blank lines left out.
 *
 * Where a quote is opened and never closed, only the line that opens it is malformed:
 * reading goes on with the next.
 */
export async function* csvRecords(
  lines: Lines,
  separator: string,
): AsyncGenerator<CsvRecord, void> {
  const reader = new LineReader(lines);
  try {
    for (let line = await reader.next(); line; line = await reader.next()) {
      if (line.text.trim() !== "") yield await recordAt(line, reader, separator);
    }
  } finally {
    await reader.close();
  }
}

async function recordAt(first: Line, reader: LineReader, separator: string): Promise<CsvRecord> {
  const alone = finish([first], separator);
  if (!("problem" in alone) || alone.problem !== OPEN) return alone;
  const taken = [first];
  let length = first.text.length;
  while (length < LONGEST_QUOTE) {
    const next = await reader.next();
    if (next === undefined) break;
    taken.push(next);
    length += next.text.length;
    if (countQuotes(next.text) % 2 === 0) continue; // still inside the quotes
    const record = finish(taken, separator);
    if (!("problem" in record)) return record;
    break;
  }
  reader.unread(taken.slice(1));
  return alone;
}

function finish(lines: readonly Line[], separator: string): CsvRecord {
  const [first] = lines;
  const text = lines.map((line) => line.text).join("\n").replace(/\r$/, "");
  const at = { line: first?.number ?? 0, text };
  if (lines.some((line) => !line.valid)) return { ...at, problem: "the record is not UTF-8" };
  const fields = parseRecord(text, separator);
  return typeof fields === "string" ? { ...at, problem: fields } : { ...at, fields };
}

/** The fields of a record, or what is wrong with it. */
function parseRecord(text: string, separator: string): readonly string[] | string {
  const fields: string[] = [];
  let at = 0;
  while (true) {
    if (text[at] !== '"') {
      const next = text.indexOf(separator, at);
      const field = text.slice(at, next === -1 ? text.length : next);
      const quote = field.indexOf('"');
      if (quote !== -1) {
        return `a quote stands inside an unquoted field, in column ${at + quote + 1}`;
      }
      if (field.includes("\r")) return "a carriage return stands inside an unquoted field";
      fields.push(field);
      if (next === -1) return fields;
      at = next + separator.length;
      continue;
    }
    let field = "";
    for (at += 1;; at += 2) {
      const quote = text.indexOf('"', at);
      if (quote === -1) return OPEN;
      field += text.slice(at, quote);
      at = quote;
      if (text[at + 1] !== '"') break;
      field += '"';
    }
    at += 1;
    fields.push(field);
    if (at === text.length) return fields;
    if (!text.startsWith(separator, at)) {
      return `text follows the closing quote of a field, in column ${at + 1}`;
    }
    at += separator.length;
  }
}

function countQuotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count++;
  return count;
}

/** Hands out lines one by one, and takes back those that belong to later records. */
class LineReader {
  readonly #more: AsyncIterator<readonly Line[]>;
  #lines: readonly Line[] = [];
  #at = 0;

  constructor(lines: Lines) {
    this.#more = lines[Symbol.asyncIterator]();
  }

  async next(): Promise<Line | undefined> {
    while (this.#at >= this.#lines.length) {
      const { done, value } = await this.#more.next();
      if (done) return undefined;
      this.#lines = value;
      this.#at = 0;
    }
    return this.#lines[this.#at++];
  }

  async close(): Promise<void> {
    await this.#more.return?.();
  }

  unread(lines: readonly Line[]): void {
    this.#lines = [...lines, ...this.#lines.slice(this.#at)];
    this.#at = 0;
  }
}
