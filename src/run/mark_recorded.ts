/**
 * Takes what earlier sessions recorded into the table of a pass.
 *
 * @module
 */
import type { ItemTable } from "../plan/item_table.ts";
import { isInShard } from "../plan/shard.ts";
import { KEY_DIGITS, keyAt, type RecordedPage } from "../storage/recorded_page.ts";
import type { Shard } from "../storage/storage.ts";

/** Where a page's items are noted. */
export interface RecordedInto {
  readonly table: ItemTable;
  /** The variant that they are of. */
  readonly variant: number;
  /** Only the items in this part of them. */
  readonly shard?: Shard | undefined;
}

/** What of a page counts. */
export interface MarkedPage {
  readonly completed: number;
  /** Those of them that ended with an error. */
  readonly errors: number;
}

/** Notes the items of a page; those whose rows are gone do not count. */
export function markRecorded(page: RecordedPage, into: RecordedInto): MarkedPage {
  const { count, keys, repeats, unsettled } = page;
  const { table, variant, shard } = into;
  let completed = 0;
  let errors = 0;
  for (let place = 0; place < count; place++) {
    if (shard && !isInShard(keyAt(keys, place), shard)) continue;
    const state = unsettled.size === 0 ? undefined : unsettled.get(place);
    const failed = state?.failed ?? false;
    // What failed and is gone is run like a new one when its row comes back.
    if (failed && state?.gone) continue;
    table.markRecorded(keys, failed, variant, repeats?.[place] ?? 0, place * KEY_DIGITS);
    if (state?.gone) continue;
    completed++;
    if (failed) errors++;
  }
  return { completed, errors };
}
