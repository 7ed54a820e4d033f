/**
 * What counts when several records of one commit are of the same item.
 *
 * @module
 */
import type { ItemRecordDraft } from "./stored_record.ts";

/** Of several records of one item, the one that counts: the first success, else the last. */
export function onePerItem(records: readonly ItemRecordDraft[]): readonly ItemRecordDraft[] {
  const kept = new Map<string, ItemRecordDraft>();
  for (const record of records) {
    const item = itemOf(record);
    const earlier = kept.get(item);
    if (earlier === undefined || earlier.error !== undefined) kept.set(item, record);
  }
  return kept.size === records.length ? records : [...kept.values()];
}

/** How many records come after a success of the same item among them. */
export function doubledAmong(records: readonly ItemRecordDraft[]): number {
  const settled = new Set<string>();
  let doubled = 0;
  for (const record of records) {
    const item = itemOf(record);
    if (settled.has(item)) doubled++;
    else if (record.error === undefined) settled.add(item);
  }
  return doubled;
}

function itemOf({ evaluation, key, repeat }: ItemRecordDraft): string {
  return `${evaluation} ${key} ${repeat}`;
}
