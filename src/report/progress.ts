/**
 * What a person sees while a session runs: a block that is kept up to date on a terminal, a line
 * now and then elsewhere.
 *
 * @module
 */
import { plainProgress } from "./plain_progress.ts";
import type { Progress, ProgressOptions } from "./progress_display.ts";
import { terminalProgress } from "./terminal_progress.ts";

export type { Progress };

/** Shows a session's events as fits the output. */
export function progress(options: ProgressOptions): Progress {
  return options.isTerminal && options.quiet !== true
    ? terminalProgress(options)
    : plainProgress(options);
}
