/**
 * A block of lines at the end of what a terminal shows, drawn anew in place.
 *
 * The cursor is hidden and lines are kept from wrapping only within one write: whatever ends the
 * process, the terminal is left as it was.
 *
 * @module
 */
import { widthOf } from "./text_width.ts";

// deno-lint-ignore no-control-regex -- the escapes that `styleOf` writes
const PAINT = /\x1b\[\d+m/g;

/** Terminals that know of it show nothing of what is written between the two until it is whole. */
const BEGIN = "\x1b[?2026h\x1b[?25l";
const END = "\x1b[?25h\x1b[?2026l";

/** Terminals measure some characters otherwise: a line that is too long is cut, and takes one row. */
const NO_WRAP = "\x1b[?7l";
const WRAP = "\x1b[?7h";

/** The size of a terminal. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** What is on the screen of a terminal, as far as it was written here. */
export class TerminalScreen {
  #write: (text: string) => void;
  #lines: readonly string[] = [];
  #size: ScreenSize = { columns: 0, rows: 0 };

  /** Nothing is drawn yet. */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Writes lines above the block, which is not there until it is drawn again. */
  print(lines: readonly string[], size: ScreenSize): void {
    if (lines.length === 0) return;
    this.#write(BEGIN + this.#erase(size) + whole(lines) + END);
    this.#lines = [];
  }

  /** Draws the block, some lines above it; writes nothing where that is how it is drawn. */
  draw(lines: readonly string[], size: ScreenSize, above: readonly string[] = []): void {
    const isSameSize = size.columns === this.#size.columns && size.rows === this.#size.rows;
    const canKeep = isSameSize && above.length === 0 && lines.length === this.#lines.length;
    if (canKeep && lines.every((line, at) => line === this.#lines[at])) return;
    const text = canKeep
      ? NO_WRAP + this.#changed(lines)
      : this.#erase(size) + whole(above) + NO_WRAP + whole(lines);
    this.#write(BEGIN + text + WRAP + END);
    this.#lines = lines;
    this.#size = { columns: size.columns, rows: size.rows };
  }

  /** Goes over the block, writing the lines that are others now, and clears what stands below. */
  #changed(lines: readonly string[]): string {
    const rows = lines.map((line, at) =>
      (line === this.#lines[at] ? "" : `${line}\x1b[K`) + "\r\n"
    );
    return `\x1b[${lines.length}A\r${rows.join("")}\x1b[J`;
  }

  /** Goes to where the block begins and clears all from there. */
  #erase({ columns }: ScreenSize): string {
    const up = this.#lines.reduce((sum, line) => sum + rowsOf(line, columns), 0);
    return up === 0 ? "\r\x1b[J" : `\x1b[${up}A\r\x1b[J`;
  }
}

function whole(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join("");
}

/** Rows that a line takes on a terminal that got narrower since it was drawn, and wrapped it. */
function rowsOf(line: string, columns: number): number {
  let rows = 1;
  let used = 0;
  for (const character of line.replace(PAINT, "")) {
    const width = widthOf(character);
    used += width;
    if (used <= columns) continue;
    rows++;
    used = width;
  }
  return rows;
}
