/**
 * Bars of characters, to an eighth of one.
 *
 * @module
 */
import { countText } from "./numbers.ts";
import { padded, truncated, widthOf } from "./text_width.ts";
import type { Style } from "./style.ts";

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const LEVELS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const WIDEST = 40;
const NARROWEST = 4;
const GAP = "  ";

/** One bar. */
export interface Bar {
  /** What it is of, plain. */
  readonly label: string;
  readonly count: number;
  readonly paint?: ((text: string) => string) | undefined;
}

/** How bars are drawn. */
export interface BarOptions {
  readonly style: Style;
  /** Columns that a line may take. */
  readonly columns: number;
  /** What stands before each line. */
  readonly indent: string;
  /** How many there are in all: what shares are of. */
  readonly all: number;
}

/** A line for each: label, count, share, and a bar as long as the count beside the greatest. */
export function barLines(bars: readonly Bar[], options: BarOptions): readonly string[] {
  const { style, columns, indent, all } = options;
  const counts = bars.map(({ count }) => countText(count));
  const shares = bars.map(({ count }) => shareText(count, all));
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(widthOf));
  const numbers = widest(counts) + widest(shares) + 2 * GAP.length;
  const room = columns - widthOf(indent) - numbers;
  const labelWidth = Math.max(1, Math.min(widest(bars.map(({ label }) => label)), room));
  const barWidth = Math.min(WIDEST, room - labelWidth - GAP.length);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return bars.map(({ label, count, paint = style.cyan }, at) => {
    const text = padded(truncated(label, labelWidth), labelWidth);
    const values = [
      padded(counts[at] ?? "", widest(counts), "right"),
      style.dim(padded(shares[at] ?? "", widest(shares), "right")),
    ];
    const bar = barWidth < NARROWEST ? [] : [paint(barText(count / most, barWidth))];
    return (indent + [text, ...values, ...bar].join(GAP)).trimEnd();
  });
}

/** A bar over a share of so many columns; what is more than nothing is never invisible. */
export function barText(share: number, width: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(share * width * 8));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

/** Counts beside each other, a character each: `▁▂▆█▃`. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts.map((count) =>
    count === 0 ? " " : LEVELS[Math.min(7, Math.floor(count / most * 8))] ?? ""
  ).join("");
}

/** Of all, in percent: `5%`, `<1%`. */
export function shareText(count: number, all: number): string {
  if (all === 0) return "";
  const percent = count / all * 100;
  if (count > 0 && percent < 1) return "<1%";
  if (count < all && percent > 99) return ">99%";
  return `${Math.round(percent)}%`;
}
