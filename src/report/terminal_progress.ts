/**
 * Progress on a terminal: a block of lines that is drawn anew in place.
 *
 * @module
 */
import type { RunEvent } from "../run/events.ts";
import { CONSOLE, messageLines } from "./message_lines.ts";
import { truncated, widthOf } from "./text_width.ts";
import type { Progress, ProgressOptions } from "./progress_display.ts";
import { progressLines } from "./progress_line.ts";
import { ProgressState } from "./progress_state.ts";
import { SetupLines } from "./setup_lines.ts";
import { type Style, styleOf } from "./style.ts";
import { summaryLine } from "./summary_line.ts";

const EVERY_MS = 100;
// deno-lint-ignore no-control-regex -- the escapes that `styleOf` writes
const PAINT = /\x1b\[\d+m/g;

/** A block with an entry per evaluation, drawn at most ten times a second. */
export function terminalProgress(options: ProgressOptions): Progress {
  const { clock, write, size } = options;
  const style = styleOf(options.color);
  const state = new ProgressState();
  const setup = new SetupLines();
  /** How wide each line of the block was drawn: a terminal that got narrower has wrapped them. */
  let drawn: readonly number[] = [];
  let above: string[] = [];
  let before = "";
  let stopTimer: (() => void) | undefined;
  let closed = false;

  function draw(last = false): void {
    const { columns, rows } = size();
    const lines = blockLines(state, { columns, rows, time: clock.monotonic(), style, last });
    const text = [...above, ...lines].map((line) => `${line}\n`).join("");
    if (text === before && above.length === 0) return;
    const up = drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    const back = up > 0 ? `\x1b[${up}A\r\x1b[J` : "";
    write(back + text);
    before = text;
    above = [];
    drawn = lines.map((line) => widthOf(line.replace(PAINT, "")));
  }

  function schedule(): void {
    stopTimer = clock.after(EVERY_MS, () => {
      draw();
      schedule();
    });
  }

  function listen(event: RunEvent): void {
    const lines = messageLines(event, { style, ofSetup: setup.accept(event) });
    if (closed) {
      if (event.type === "message") write(lines.map((line) => `${line}\n`).join(""));
      return;
    }
    state.accept(event, clock.monotonic());
    above.push(...lines);
    if (stopTimer === undefined) schedule();
    // What the user's code prints is there before the next thing it does, which may be to hang.
    if (event.type === "message" && event.source === CONSOLE) draw();
    if (event.type === "session-finished") close();
  }

  function close(): void {
    if (closed) return;
    closed = true;
    stopTimer?.();
    if (stopTimer) draw(true);
  }

  return { listen, close, [Symbol.dispose]: close };
}

/** What to draw, and where. */
interface BlockOptions {
  readonly columns: number;
  readonly rows: number;
  readonly time: number;
  readonly style: Style;
  /** Whether nothing is drawn over it any more. */
  readonly last: boolean;
}

/** Every evaluation where all fit; else those that run, and a line for all together. */
function blockLines(state: ProgressState, options: BlockOptions): readonly string[] {
  const { columns, rows, time, style } = options;
  const room = Math.max(1, rows - 1);
  const { evaluations } = state;
  if (evaluations.length <= room) {
    const lines = progressLines(evaluations, { columns, time, style });
    if (lines.length <= room) return lines;
  }
  const summary = truncated(summaryLine(state, time), columns - 1);
  if (options.last) return [summary];
  const running = evaluations.filter((entry) => entry.end === undefined).slice(0, room);
  const lines = progressLines(running, { columns, time, style });
  const perEntry = running.length === 0 ? 1 : lines.length / running.length;
  const shown = Math.floor((room - 1) / perEntry) * perEntry;
  return [...lines.slice(0, shown), summary];
}
