/**
 * Progress where there is no terminal: whole lines, now and then, without control characters.
 *
 * @module
 */
import type { RunEvent } from "../run/events.ts";
import { messageLines } from "./message_lines.ts";
import { counted, countText, durationText } from "./numbers.ts";
import { plain } from "./plain_text.ts";
import type { Progress, ProgressOptions } from "./progress_display.ts";
import { progressSentence } from "./progress_pieces.ts";
import { ProgressState } from "./progress_state.ts";
import { SetupLines } from "./setup_lines.ts";
import { styleOf } from "./style.ts";
import { summaryLine } from "./summary_line.ts";

const EVERY_MS = 10_000;
const AT_MOST = 10;

/** A line at each evaluation's start and end, and every ten seconds where something changed. */
export function plainProgress(options: ProgressOptions): Progress {
  const { clock, quiet = false } = options;
  const state = new ProgressState();
  const setup = new SetupLines();
  const style = styleOf(options.color && options.isTerminal);
  const changed = new Set<string>();
  let stopTimer: (() => void) | undefined;
  let closed = false;

  function writeLine(line: string): void {
    options.write(`${line}\n`);
  }

  function report(): void {
    const time = clock.monotonic();
    const running = [...changed].map((label) => state.get(label)).filter((entry) =>
      entry !== undefined && entry.end === undefined
    );
    changed.clear();
    if (running.length > AT_MOST) writeLine(summaryLine(state, time));
    else for (const entry of running) if (entry) writeLine(progressSentence(entry, time));
  }

  function schedule(): void {
    stopTimer = clock.after(EVERY_MS, () => {
      report();
      schedule();
    });
  }

  function listen(event: RunEvent): void {
    if (closed && event.type !== "message") return;
    state.accept(event, clock.monotonic());
    for (const line of messageLines(event, { style, quiet, ofSetup: setup.accept(event) })) {
      writeLine(line);
    }
    if (quiet || closed) return;
    if (stopTimer === undefined) schedule();
    if (event.type === "items-committed") changed.add(event.evaluation.label);
    for (const line of startOrEnd(event, state)) writeLine(line);
    if (event.type === "session-finished") close();
  }

  function close(): void {
    closed = true;
    stopTimer?.();
  }

  return { listen, close, [Symbol.dispose]: close };
}

function startOrEnd(event: RunEvent, state: ProgressState): readonly string[] {
  if (event.type === "evaluation-started") {
    const items = event.items === undefined
      ? "an unknown number of items"
      : counted(event.items, "item");
    const parts = [
      items,
      ...event.recorded > 0 ? [`${countText(event.recorded)} recorded before`] : [],
      ...event.failed > 0 ? [`${countText(event.failed)} failed before and run again`] : [],
    ];
    return [`${plain(event.evaluation.label)}: ${parts.join(", ")}`];
  }
  if (event.type !== "evaluation-finished") return [];
  const entry = state.get(event.evaluation.label);
  if (!entry) return [];
  return [`${progressSentence(entry, 0)}, ${durationText(event.durationMs)}`];
}
