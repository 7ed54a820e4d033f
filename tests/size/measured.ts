/**
 * Runs the real command and measures how much memory its process takes at the most.
 *
 * @module
 */
import { type Finished, finished } from "../finished.ts";
import type { Workplace } from "../cli/command.ts";

/** Linux says how much memory a process has taken. */
export const notMeasurable = Deno.build.os !== "linux";

/** How often a process is asked, in milliseconds; it keeps the maximum by itself. */
const ASK_MS = 20;

/** What a command took. */
export interface Measured extends Finished {
  /** Resident memory at the most, in MB. */
  readonly peakMb: number;
  /** From start to end. */
  readonly seconds: number;
}

/** Runs a command to its end, or does with the process what `use` says. */
export async function measured(
  place: Workplace,
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly use?: (process: Deno.ChildProcess) => Promise<Finished>;
  } = {},
): Promise<Measured> {
  const { env = {}, use = finished } = options;
  const start = performance.now();
  const process = place.start(args, { env });
  let peakMb = 0;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(process.pid));
  }, ASK_MS);
  try {
    const end = await use(process);
    return { ...end, peakMb, seconds: (performance.now() - start) / 1000 };
  } finally {
    clearInterval(timer);
  }
}

/** The most resident memory of a process so far, in MB; 0 once it has ended. */
function peakOf(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(status.match(/^VmHWM:\s+(\d+) kB$/m)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
