/**
 * Progress on a terminal: a block of lines that is drawn anew in place.
 *
 * @module
 */
import type { RunEvent } from "../run/events.ts";
import { CONSOLE, messageLines } from "./message_lines.ts";
import { blockLines } from "./progress_block.ts";
import type { Progress, ProgressOptions } from "./progress_display.ts";
import { ProgressState } from "./progress_state.ts";
import { SetupLines } from "./setup_lines.ts";
import { styleOf } from "./style.ts";
import { TerminalScreen } from "./terminal_screen.ts";

const EVERY_MS = 100;

/** A block with an entry per evaluation, drawn at most ten times a second. */
export function terminalProgress(options: ProgressOptions): Progress {
  const { clock, write, size } = options;
  const style = styleOf(options.color);
  const state = new ProgressState();
  const setup = new SetupLines();
  const screen = new TerminalScreen(write);
  let above: string[] = [];
  let stopTimer: (() => void) | undefined;
  let closed = false;

  function draw(last = false): void {
    const { columns, rows } = size();
    const lines = blockLines(state, { columns, rows, time: clock.monotonic(), style, last });
    screen.draw(lines, { columns, rows }, above);
    above = [];
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
    // What the user's code prints is there before the next thing it does, which may be to hang. The
    // block comes back when it is its turn, however much is printed.
    if (event.type === "message" && event.source === CONSOLE) {
      screen.print(above, size());
      above = [];
    }
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
