/**
 * Values in the cells of a table.
 *
 * A cell is a text as it is, or JSON: whatever can be read as JSON is JSON. So nothing is lost, and
 * texts that are no longer themselves in a table are JSON strings: what reads as JSON, what a
 * spreadsheet would run as a formula, what a terminal or a CI service would obey. An empty cell is
 * nothing at all.
 *
 * @module
 */
import { plainText } from "../report/plain_text.ts";
import { safeJson } from "../report/json_text.ts";

/** What spreadsheets take for the beginning of a formula, in wide forms too. */
const FORMULA = /^\s*[=+\-@＝＋－＠]/;

/** The cell of a value in tagged JSON. */
export function cellOf(encoded: string | undefined): string {
  if (encoded === undefined) return "";
  if (!encoded.startsWith('"')) return safeJson(encoded);
  const text: unknown = JSON.parse(encoded);
  return typeof text === "string" && isItself(text) ? text : safeJson(encoded);
}

/** The JSON, in tagged form, that a cell holds; `undefined` where it is empty. */
export function jsonOf(cell: string): unknown {
  if (cell === "") return undefined;
  return isJson(cell) ? JSON.parse(cell) : cell;
}

function isItself(text: string): boolean {
  if (text === "" || FORMULA.test(text) || isJson(text)) return false;
  return plainText(text) === text;
}

function isJson(text: string): boolean {
  // Most texts are prose: their first character says so.
  if (!/^[\s"{[\-\dtfn]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
