/**
 * Reads which items are recorded: a million keys in well under a second, because each page
 * is one text that SQLite puts together from an index.
 *
 * @module
 */
import type { Database } from "./database.ts";
import { UNSETTLED } from "./schema.ts";
import { optionalTextAt, rowsOf, textAt } from "./sql.ts";
import type { EvaluationId, ItemKey, RecordedKey } from "./storage.ts";

/** Items of a page. */
const PAGE = 10_000;

/** Hexadecimal digits of a key. */
const DIGITS = 32;

const KEYS = `SELECT group_concat(k) FROM (
    SELECT hex(key) || repeat AS k FROM items
    WHERE evaluation_id = ?1 AND (key, repeat) > (unhex(?2), ?3)
    ORDER BY key, repeat LIMIT ${PAGE}
  )`;

const HAS_UNSETTLED = `SELECT EXISTS (
    SELECT 1 FROM items INDEXED BY items_unsettled
    WHERE evaluation_id = ?1 AND (key, repeat) > (unhex(?2), ?3)
      AND ${UNSETTLED}
  )`;

/** Each with `e` after it where it failed and `g` where it is gone. */
const UNSETTLED_KEYS = `SELECT group_concat(hex(key) || repeat || ':' ||
      iif(error_name IS NULL, '', 'e') || iif(gone = 1, 'g', ''))
  FROM items INDEXED BY items_unsettled
  WHERE evaluation_id = ?1 AND (key, repeat) > (unhex(?2), ?3)
    AND (key, repeat) <= (unhex(?4), ?5) AND ${UNSETTLED}`;

/** The recorded items of an evaluation, by key. */
export async function* readKeys(
  database: Database,
  evaluation: EvaluationId,
): AsyncGenerator<readonly RecordedKey[]> {
  let after = { key: "", repeat: -1 };
  while (true) {
    const args = [evaluation, after.key, after.repeat];
    const results = await database.read({ sql: KEYS, args }, { sql: HAS_UNSETTLED, args });
    const items = split(optionalTextAt(rowsOf(results, 0)[0] ?? [], 0));
    const last = items.at(-1);
    if (last === undefined) return;
    const upTo = { key: last.slice(0, DIGITS), repeat: Number(last.slice(DIGITS)) };
    const states = new Map<string, string>();
    if (textAt(rowsOf(results, 1)[0] ?? [], 0) === "1") {
      const bounds = [...args, upTo.key, upTo.repeat];
      const [row = []] = await database.rows({ sql: UNSETTLED_KEYS, args: bounds });
      for (const entry of split(optionalTextAt(row, 0))) {
        const [item = "", state = ""] = entry.split(":");
        states.set(item, state);
      }
    }
    yield states.size === 0
      ? items.map((item) => toRecordedKey(item, ""))
      : items.map((item) => toRecordedKey(item, states.get(item) ?? ""));
    if (items.length < PAGE) return;
    after = upTo;
  }
}

function split(list: string | undefined): readonly string[] {
  return list === undefined ? [] : list.toLowerCase().split(",");
}

function toRecordedKey(item: string, state: string): RecordedKey {
  return {
    key: item.slice(0, DIGITS) as ItemKey,
    repeat: Number(item.slice(DIGITS)),
    failed: state.includes("e"),
    gone: state.includes("g"),
  };
}
