/**
 * Takes over which items' rows are gone: that changes after an item was recorded.
 *
 * @module
 */
import type { Database } from "./database.ts";
import { UNSETTLED } from "./schema.ts";
import { numberAt, type Statement, textAt } from "./sql.ts";

/** Items that are marked at once. */
const PAGE = 10_000;

const GONE = `FROM items INDEXED BY items_unsettled
  WHERE evaluation_id = ?1 AND ${UNSETTLED} AND gone = 1`;

/** Before and behind every key. */
const [FIRST, LAST] = ["", "f".repeat(34)];

/** Which evaluation's items. */
export interface GoneOptions {
  readonly source: Database;
  readonly target: Database;
  /** Its number in the source. */
  readonly evaluation: number;
  /** Its number in the target. */
  readonly copy: number;
  /** Writes to the target. */
  readonly change: (...statements: readonly Statement[]) => Promise<void>;
}

/** Marks the items of an evaluation as they are marked in the source. */
export async function copyGone(options: GoneOptions): Promise<void> {
  const { source, target, evaluation, copy, change } = options;
  const count = { sql: `SELECT count(*) ${GONE}` };
  const [[here = []], [there = []]] = await Promise.all([
    source.rows({ ...count, args: [evaluation] }),
    target.rows({ ...count, args: [copy] }),
  ]);
  if (numberAt(here, 0) + numberAt(there, 0) === 0) return;
  let after = { key: FIRST, repeat: -1 };
  while (after.key !== LAST) {
    const rows = await source.rows({
      sql: `SELECT lower(hex(key)), repeat ${GONE} AND (key, repeat) > (unhex(?2), ?3)
        ORDER BY key, repeat LIMIT ${PAGE}`,
      args: [evaluation, after.key, after.repeat],
    });
    const last = rows.length < PAGE ? undefined : rows.at(-1);
    const upTo = last === undefined
      ? { key: LAST, repeat: 0 }
      : { key: textAt(last, 0), repeat: numberAt(last, 1) };
    const keys = JSON.stringify(rows);
    await change(
      {
        sql: `UPDATE items SET gone = 0 WHERE id IN (SELECT id ${GONE}
          AND (key, repeat) > (unhex(?3), ?4) AND (key, repeat) <= (unhex(?5), ?6)
          AND lower(hex(key)) || repeat NOT IN
            (SELECT (value->>0) || (value->>1) FROM json_each(?2)))`,
        args: [copy, keys, after.key, after.repeat, upTo.key, upTo.repeat],
      },
      {
        sql: `UPDATE items SET gone = 1 WHERE id IN (
          SELECT i.id FROM json_each(?2) j CROSS JOIN items i ON i.evaluation_id = ?1
            AND i.key = unhex(j.value->>0) AND i.repeat = j.value->>1) AND gone = 0`,
        args: [copy, keys],
      },
    );
    after = upTo;
  }
}
