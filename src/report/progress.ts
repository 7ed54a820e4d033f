/**
 * What a person sees while a session runs: a block that is kept up to date on a terminal, a line
 * now and then elsewhere.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { RunListener } from "../run/events.ts";
import { plainProgress } from "./plain_progress.ts";
import { terminalProgress } from "./terminal_progress.ts";

/** Where and how progress is shown. */
export interface ProgressOptions {
  /** Writes to the output, at once. */
  readonly write: (text: string) => void;
  /** Whether the output is a terminal, whose cursor can move. */
  readonly isTerminal: boolean;
  /** The terminal's size now. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly color: boolean;
  readonly clock: Clock;
  /**
   * Shows warnings and errors only.
   *
   * @default {false}
   */
  readonly quiet?: boolean;
}

/** Shows a session's events; disposing it shows the last state and stops its timer. */
export interface Progress extends Disposable {
  /** Takes in an event. */
  readonly listen: RunListener;
  /** Shows the last state and stops; a second call does nothing. */
  close(): void;
}

/** Shows a session's events as fits the output. */
export function progress(options: ProgressOptions): Progress {
  return options.isTerminal && options.quiet !== true
    ? terminalProgress(options)
    : plainProgress(options);
}
