/**
 * Stored values as people read them.
 *
 * @module
 */
import { decode } from "../values/tagged.ts";

/** Text as it is; all else as the storage has it. */
export function storedValue(stored: string): string {
  const value = decode(stored);
  return typeof value === "string" ? value : stored;
}
