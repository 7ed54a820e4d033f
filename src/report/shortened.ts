/**
 * Long texts in reports.
 *
 * @module
 */
import { countText } from "./numbers.ts";

/** A text of at most so many characters, and what was cut off said. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length)}… (${countText(text.length - length)} more characters)`;
}
