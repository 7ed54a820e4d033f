/**
 * What shows progress, whatever it shows it on.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { RunListener } from "../run/events.ts";

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
