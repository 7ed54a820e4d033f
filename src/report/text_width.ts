/**
 * The columns that text takes on a terminal.
 *
 * @module
 */
import { unicodeWidth } from "@std/cli/unicode-width";

/** The columns that a plain text takes on a terminal. */
export function widthOf(text: string): number {
  return unicodeWidth(text);
}

/** A plain text cut to so many columns, with an ellipsis where something was cut. */
export function truncated(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width <= 0) return "";
  let kept = "";
  let used = 1;
  for (const character of text) {
    used += widthOf(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** A plain text filled up with spaces to so many columns. */
export function padded(text: string, width: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "left" ? text + space : space + text;
}
