/**
 * Progress of `dotevals run`, as fits standard error.
 *
 * @module
 */
import { type Progress, progress } from "../report/progress.ts";
import type { CommandIo } from "./command.ts";

/**
 * Shows progress. A dumb terminal, whose cursor cannot move, and that of a CI service, which is a
 * log, get the lines that a pipe gets.
 */
export function showProgress(
  { stderr, clock, env }: CommandIo,
  { quiet }: { readonly quiet: boolean },
): Progress {
  return progress({
    write: (text) => stderr.write(text),
    isTerminal: stderr.isTerminal && env("TERM") !== "dumb" && !isSet(env("CI")),
    size: () => stderr.size ?? { columns: 80, rows: 24 },
    color: stderr.color,
    clock,
    quiet,
  });
}

function isSet(flag: string | undefined): boolean {
  return flag !== undefined && !["", "0", "false"].includes(flag);
}
