/**
 * The block that shows where a session stands: as much of it as the terminal has room for.
 *
 * @module
 */
import { progressLines, shortProgressLines } from "./progress_lines.ts";
import type { EvaluationProgress, ProgressState } from "./progress_state.ts";
import type { Style } from "./style.ts";
import { summaryLine } from "./summary_line.ts";
import { truncated } from "./text_width.ts";

/** What to draw, and where. */
export interface BlockOptions {
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds. */
  readonly time: number;
  readonly style: Style;
  /** Whether nothing is drawn over it any more. */
  readonly last: boolean;
}

/**
 * The lines of the block, none as wide as the terminal and fewer than it has rows: every evaluation
 * where all fit, else those that run and a line for all together.
 */
export function blockLines(state: ProgressState, options: BlockOptions): readonly string[] {
  const { columns, rows, time, style, last } = options;
  const room = Math.max(1, rows - 1);
  const { evaluations } = state;
  if (evaluations.length === 0) return [];
  const draw = { columns: Math.max(2, columns), time, style };
  for (const lines of [progressLines, shortProgressLines]) {
    if (evaluations.length > room) break;
    const all = lines(evaluations, draw).flat();
    if (all.length <= room) return all;
  }
  const summary = truncated(summaryLine(state, time), Math.max(1, columns - 1));
  if (last || room === 1) return [summary];
  const running = runningFirst(evaluations).slice(0, room - 1);
  for (const lines of [progressLines, shortProgressLines]) {
    const all = lines(running, draw).flat();
    if (all.length < room) return [...all, summary];
  }
  const shown = shortProgressLines(running.slice(0, Math.floor((room - 1) / 2)), draw);
  return [...shown.flat(), summary];
}

/** Those that have not ended: first those that have something under way. */
function runningFirst(
  evaluations: readonly EvaluationProgress[],
): readonly EvaluationProgress[] {
  const running = evaluations.filter(({ end }) => end === undefined);
  const isActive = ({ calls }: EvaluationProgress) => calls !== undefined;
  return [...running.filter(isActive), ...running.filter((entry) => !isActive(entry))];
}
