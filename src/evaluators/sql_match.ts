/**
 * Whether a query that a model wrote gives the expected rows.
 *
 * @module
 */
import { evaluator, type RenameOptions } from "../evaluation/evaluator.ts";
import { type Score, score } from "../evaluation/score.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { canonical } from "../values/canonical.ts";
import { decode } from "../values/tagged.ts";
import { runConfined } from "./confined_process.ts";
import { requireTexts } from "./text_options.ts";

/** Options of {@linkcode sqlMatch}: one of `database` and `setup` must be there. */
export interface SqlMatchOptions extends RenameOptions {
  /** A libSQL database: `file:PATH`, `libsql://HOST` or `http(s)://HOST`. It stays as it is. */
  readonly database?: string;
  /** The token for a remote database. */
  readonly authToken?: string;
  /** SQL that makes a database in memory, new for each call. */
  readonly setup?: string;
  /**
   * Whether the rows must come in the same order.
   *
   * @default {whether the expected query has an ORDER BY, outside of subqueries}
   */
  readonly ordered?: boolean;
  /**
   * Milliseconds for both queries, with the start of a process.
   *
   * @default {10_000}
   */
  readonly timeout?: number;
}

/**
 * Runs the queries `actual` and `expected` on a libSQL database, and scores whether they give the same rows. The
 * columns must stand in the same order, whatever their names; rows may be repeated; numbers are the same to 12
 * digits, whole or not.
 *
 * Both must read only (`SELECT`, `WITH` or `VALUES`, one statement). They run in a process of their own, in a
 * transaction that may not write; it is killed when it takes too long.
 *
 * Its metric is `accuracy`; its metadata are `actual`, `expected`, how many `rows` each gave and, where `actual`
 * does not run, `problem`. An expected query that does not run is an error of the score.
 *
 * @example
 * ```ts
 * import { sqlMatch } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const setup = "CREATE TABLE city (name TEXT, people INT); INSERT INTO city VALUES ('Oslo', 7), ('Rome', 28)";
 * const made = await sqlMatch(
 *   "SELECT name FROM city WHERE people > 20",
 *   "SELECT c.name AS n FROM city c ORDER BY people DESC LIMIT 1",
 *   { setup },
 * );
 * assertEquals(made.value, true);
 * ```
 */
export const sqlMatch: (
  actual: string,
  expected: string,
  options: SqlMatchOptions,
) => Promise<Score> = evaluator(
  async function sqlMatch(
    actual: string,
    expected: string,
    options: SqlMatchOptions = {},
  ): Promise<Score> {
    requireTexts("sqlMatch", { actual, expected });
    if (!isReading(expected)) {
      throw new TypeError("sqlMatch(): the expected query does not read only.");
    }
    const found = isReading(actual)
      ? await queried(actual, expected, options)
      : { problem: "It is no query that reads only." };
    if ("problem" in found) {
      return score("sqlMatch", false, { metadata: { actual, expected, ...found } });
    }
    const { ordered = /\border\s+by\b/i.test(outermost(expected)) } = options;
    const rows = { actual: found.actual.length, expected: found.expected.length };
    const isSame = sameRows(found.actual, found.expected, ordered);
    return score("sqlMatch", isSame, { metadata: { actual, expected, rows } });
  },
  { metrics: [accuracy()], takesOptions: true },
);

/** Rows, each with its values in order. */
export type QueryRows = readonly (readonly unknown[])[];

/** What the process is given. */
export interface QueriedDatabase {
  readonly database?: string;
  readonly authToken?: string;
  readonly setup?: string;
  readonly actual: string;
  readonly expected: string;
}

/** What the process gives. */
export type QueriedRows =
  | { readonly expected: QueryRows; readonly actual: QueryRows }
  | { readonly expected: QueryRows; readonly error: string };

async function queried(
  actual: string,
  expected: string,
  { database, authToken, setup, timeout = 10_000 }: SqlMatchOptions,
): Promise<{ actual: QueryRows; expected: QueryRows } | { problem: string }> {
  if ((database === undefined) === (setup === undefined)) {
    throw new TypeError("sqlMatch() needs either the option database or the option setup.");
  }
  const { killed, stdout, stderr } = await runConfined({
    args: ["-A", import.meta.resolve("./sql_runner.ts")],
    usesCache: true,
    input: JSON.stringify({ database: absolute(database), authToken, setup, actual, expected }),
    timeoutMs: timeout,
    memoryMb: 1024,
  });
  if (killed === "time") return { problem: `It took longer than ${timeout} ms.` };
  if (killed !== undefined) return { problem: "It gave too much." };
  if (stdout === "") throw new Error(`sqlMatch(): ${stderr.trim() || "the process gave nothing"}`);
  const found = decode(stdout) as QueriedRows;
  return "error" in found ? { problem: found.error } : found;
}

/** A file's path from this process's folder: the other process has one of its own. */
function absolute(database: string | undefined): string | undefined {
  const path = /^file:(?!\/)(.*)$/s.exec(database ?? "")?.[1];
  return path === undefined ? database : `file:${Deno.cwd()}/${path}`;
}

function isReading(sql: string): boolean {
  return /^(?:\s|--[^\n]*\n|\/\*(?:(?!\*\/).)*\*\/)*(?:select|with|values)\b/is.test(sql);
}

/** A query without texts, comments and what stands in parentheses. */
function outermost(sql: string): string {
  let rest = sql.replace(/'[^']*'|"[^"]*"|--[^\n]*|\/\*(?:(?!\*\/).)*\*\//gs, " ");
  for (let before = ""; before !== rest;) {
    before = rest;
    rest = rest.replace(/\([^()]*\)/g, " ");
  }
  return rest;
}

function sameRows(actual: QueryRows, expected: QueryRows, ordered: boolean): boolean {
  if (actual.length !== expected.length) return false;
  const [one, other] = [actual, expected].map((rows) => {
    const texts = rows.map((row) => canonical(row.map(comparable)));
    return ordered ? texts : texts.sort();
  });
  return canonical(one) === canonical(other);
}

/** Numbers to 12 digits, whole ones or not. */
function comparable(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(12));
  return typeof value === "bigint" && BigInt(Number(value)) === value
    ? Number(Number(value).toPrecision(12))
    : value;
}
