/**
 * Reads which items are recorded: a million keys in well under a second, because each page
 * is one text that SQLite puts together from an index.
 *
 * @module
 */
import type { Database } from "./database.ts";
import { UNSETTLED } from "./schema.ts";
import { countOf, numberAt, optionalTextAt, rowsOf, textAt } from "./sql.ts";
import { keyAt, type RecordedPage } from "./recorded_page.ts";
import type { EvaluationId } from "./stored_evaluation.ts";

/** Items of a page. */
const PAGE = 10_000;

/** Of a page: its keys in one text, the last repeat, and all repeats if not each is the first. */
const KEYS = `SELECT count(*), lower(group_concat(hex(key), '')),
    iif(max(repeat) = 0, NULL, group_concat(repeat))
  FROM (
    SELECT key, repeat FROM items
    WHERE evaluation_id = ?1 AND (key, repeat) > (unhex(?2), ?3)
    ORDER BY key, repeat LIMIT ${PAGE}
  )`;

const HAS_UNSETTLED = `SELECT EXISTS (
    SELECT 1 FROM items INDEXED BY items_unsettled
    WHERE evaluation_id = ?1 AND (key, repeat) > (unhex(?2), ?3)
      AND ${UNSETTLED}
  )`;

/** Each with `e` after it where it failed and `g` where it is gone. */
const UNSETTLED_KEYS = `SELECT group_concat(lower(hex(key)) || repeat || ':' ||
      iif(error_name IS NULL, '', 'e') || iif(gone = 1, 'g', ''))
  FROM items INDEXED BY items_unsettled
  WHERE evaluation_id = ?1 AND (key, repeat) > (unhex(?2), ?3)
    AND (key, repeat) <= (unhex(?4), ?5) AND ${UNSETTLED}`;

/** The recorded items of an evaluation, by key; the next page is read while one is used. */
export async function* readKeys(
  database: Database,
  evaluation: EvaluationId,
): AsyncGenerator<RecordedPage> {
  let reading: Promise<RecordedPage> | undefined = readPage(database, evaluation, FIRST);
  while (reading !== undefined) {
    const page: RecordedPage = await reading;
    reading = page.count < PAGE ? undefined : readPage(database, evaluation, lastOf(page));
    // What goes wrong is thrown when the page is asked for, if it ever is.
    reading?.catch(() => {});
    if (page.count > 0) yield page;
  }
}

interface Place {
  readonly key: string;
  readonly repeat: number;
}

const FIRST: Place = { key: "", repeat: -1 };

type Keys = Omit<RecordedPage, "unsettled">;

function lastOf({ count, keys, repeats }: Keys): Place {
  return { key: keyAt(keys, count - 1), repeat: repeats?.at(-1) ?? 0 };
}

async function readPage(
  database: Database,
  evaluation: EvaluationId,
  after: Place,
): Promise<RecordedPage> {
  const args = [evaluation, after.key, after.repeat];
  const results = await database.read({ sql: KEYS, args }, { sql: HAS_UNSETTLED, args });
  const [row = []] = rowsOf(results, 0);
  const repeats = optionalTextAt(row, 2)?.split(",").map(Number);
  const page = { count: numberAt(row, 0), keys: textAt(row, 1), repeats };
  if (page.count === 0 || countOf(results, 1) === 0) return { ...page, unsettled: new Map() };
  const last = lastOf(page);
  const bounds = [...args, last.key, last.repeat];
  const [found = []] = await database.rows({ sql: UNSETTLED_KEYS, args: bounds });
  return { ...page, unsettled: placed(page, optionalTextAt(found, 0)) };
}

/** Finds the unsettled items, which come in the page's order, in the page. */
function placed({ count, keys, repeats }: Keys, list = ""): RecordedPage["unsettled"] {
  const unsettled = new Map<number, { readonly failed: boolean; readonly gone: boolean }>();
  let place = 0;
  for (const entry of list.split(",")) {
    const [item = "", state = ""] = entry.split(":");
    while (place < count && keyAt(keys, place) + (repeats?.[place] ?? 0) !== item) place++;
    if (place === count) break;
    unsettled.set(place, { failed: state.includes("e"), gone: state.includes("g") });
  }
  return unsettled;
}
