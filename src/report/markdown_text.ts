/**
 * Text as Markdown shows it, and does nothing else with it.
 *
 * @module
 */
import { plain } from "./plain_text.ts";

/**
 * The text on one line as a span of code, where Markdown knows neither links, images, mentions nor
 * HTML; also inside a table, whose cells end at a `|` even there.
 */
export function codeSpan(text: string): string {
  const line = plain(text).replaceAll("|", "\\u{7c}");
  if (line === "") return "";
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  // A blank at both ends is taken off again; it keeps the text's own ticks from the fence.
  return /^[` ]|[` ]$/.test(line) ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}
