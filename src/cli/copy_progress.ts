/**
 * How far copying an experiment is: one line that changes on a terminal, else now and then a line.
 *
 * @module
 */
import { plain } from "../report/plain_text.ts";
import { countText } from "../report/numbers.ts";
import type { CopyProgress } from "../storage/copy.ts";
import type { CommandIo } from "./command.ts";

/** Milliseconds between two changes on a terminal, and between two lines elsewhere. */
const EVERY = { terminal: 100, lines: 10_000 };

/** Shows how far it is. */
export interface ShownProgress {
  readonly show: (progress: CopyProgress) => void;
  /** Takes away what would stand in the way of other lines. */
  end(): void;
}

/** The progress of one experiment. */
export function copyProgress(experiment: string, { stderr, clock, env }: CommandIo): ShownProgress {
  const changes = stderr.isTerminal && env("TERM") !== "dumb";
  let last = clock.monotonic();
  let shown = false;
  return {
    show({ step, results, of }) {
      const now = clock.monotonic();
      if (now - last < (changes ? EVERY.terminal : EVERY.lines)) return;
      last = now;
      const text = `${plain(experiment)}: ${step}, ${countText(results)}/${countText(of)} results`;
      if (!changes) return stderr.write(`${text}\n`);
      shown = true;
      const width = (stderr.size?.columns ?? 80) - 1;
      stderr.write(`\r\x1b[K${text.slice(-width)}`);
    },
    end() {
      if (shown) stderr.write("\r\x1b[K");
    },
  };
}
