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

/** The recorded items of an evaluation, by key; the next page is read while one is used. */
export async function* readKeys(
  database: Database,
  evaluation: EvaluationId,
): AsyncGenerator<readonly RecordedKey[]> {
  let reading: Promise<Page> | undefined = readPage(database, evaluation, FIRST);
  while (reading !== undefined) {
    const { items, states }: Page = await reading;
    const last = items.at(-1);
    reading = last === undefined || items.length < PAGE
      ? undefined
      : readPage(database, evaluation, toPlace(last));
    // What goes wrong is thrown when the page is asked for, if it ever is.
    reading?.catch(() => {});
    if (last !== undefined) yield items.map((item) => toRecordedKey(item, states.get(item) ?? ""));
  }
}

/** One page: items as hexadecimal key and repeat, and what is to be said of the unsettled ones. */
interface Page {
  readonly items: readonly string[];
  readonly states: ReadonlyMap<string, string>;
}

interface Place {
  readonly key: string;
  readonly repeat: number;
}

const FIRST: Place = { key: "", repeat: -1 };

function toPlace(item: string): Place {
  return { key: item.slice(0, DIGITS), repeat: Number(item.slice(DIGITS)) };
}

async function readPage(
  database: Database,
  evaluation: EvaluationId,
  after: Place,
): Promise<Page> {
  const args = [evaluation, after.key, after.repeat];
  const results = await database.read({ sql: KEYS, args }, { sql: HAS_UNSETTLED, args });
  const items = split(optionalTextAt(rowsOf(results, 0)[0] ?? [], 0));
  const last = items.at(-1);
  const states = new Map<string, string>();
  if (last === undefined || textAt(rowsOf(results, 1)[0] ?? [], 0) !== "1") {
    return { items, states };
  }
  const upTo = toPlace(last);
  const bounds = [...args, upTo.key, upTo.repeat];
  const [row = []] = await database.rows({ sql: UNSETTLED_KEYS, args: bounds });
  for (const entry of split(optionalTextAt(row, 0))) {
    const [item = "", state = ""] = entry.split(":");
    states.set(item, state);
  }
  return { items, states };
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
