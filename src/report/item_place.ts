/**
 * Where an item's row stands, as people read it.
 *
 * @module
 */
import type { StoredRecord } from "../storage/stored_record.ts";

/** Where the row stands in the dataset, and which repeat it is: from 0, as stored. */
export function placeOf({ position, repeat }: Pick<StoredRecord, "position" | "repeat">): string {
  return `row ${position}${repeat > 0 ? `, repeat ${repeat}` : ""}`;
}
