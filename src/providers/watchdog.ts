/**
 * Ends the processes of a provider, also when this process is killed and can end nothing any more.
 *
 * @module
 */
import type { LogLevel } from "./provider.ts";

/**
 * What the watchdog runs, for any POSIX shell: it waits until its standard input ends, because it
 * was closed or because this process is gone, sends the process group `$1` the signal `$3`, gives it
 * `$4` quarters of a second, and kills it. A busy machine makes each look take its time, so there are few.
 *
 * Where there is `/proc` it also finds what left the group but not the session, and what left both
 * but still has `$2` in its environment; and it waits for no process that is dead and only not
 * reaped yet. It is a shell and no Deno process: it starts in 3 ms, takes 2 MB, and nothing
 * of it has to be found or loaded.
 */
const SCRIPT = `
trap '' HUP INT TERM
echo watching
while read -r line; do :; done
exec >/dev/null 2>&1
group=$1 mark=$2 first=$3 patience=$4 round=0
if [ -r /proc/self/stat ]; then
  found() {
    grep -lsE "^[0-9]+ .*\\) [^ZX] [0-9]+ ([0-9]+ )?$group " /proc/[0-9]*/stat
    [ -z "$mark" ] || grep -ls -- "$mark" /proc/[0-9]*/environ
  }
  left() { [ -n "$(found)" ]; }
else
  found() { :; }
  left() { kill -s 0 -- "-$group"; }
fi
tell() {
  kill -s "$1" -- "-$group"
  for process in $(found); do
    process=\${process#/proc/}
    kill -s "$1" "\${process%%/*}"
  done
}
left || exit 0
tell "$first"
while [ $round -lt $patience ]; do
  sleep 0.25 || sleep 1
  left || exit 0
  round=$((round + 1))
done
while [ $round -lt $((patience + 10)) ]; do
  tell KILL
  sleep 0.25 || sleep 1
  left || exit 0
  round=$((round + 1))
done
exit 0
`;

const QUARTER_MS = 250;

/** How often a watchdog that is killed is replaced. */
const REPLACEMENTS = 10;

/** What a {@linkcode Watchdog} is told of what it watches. */
export interface WatchdogOptions {
  /** What messages call it. */
  readonly name: string;
  /** `NAME=VALUE` in the environment of every process that may leave the group. */
  readonly mark?: string;
  /**
   * Whether the group is told to end by SIGTERM; else it has to see by itself that it is alone.
   *
   * @default {true}
   */
  readonly asks?: boolean;
  /**
   * Milliseconds that it gets to end by itself, before SIGKILL.
   *
   * @default {1500}
   */
  readonly patienceMs?: number;
  /** Told when a watchdog was killed: the provider's `context.log`. */
  readonly log: (level: LogLevel, message: string) => void;
  /**
   * Told when there is none any more, and why.
   *
   * @default {a line in the log}
   */
  readonly onLost?: (error: unknown) => void;
}

/**
 * Sees to it that a process group which a provider started does not outlive this process, even where
 * that is killed. It is a small shell, and is replaced where somebody kills it; not for Windows.
 *
 * @example
 * ```ts
 * import { Watchdog } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * // Detached, a process leads a group of its own, which Ctrl-C does not reach.
 * const server = new Deno.Command("sleep", { args: ["60"], detached: true }).spawn();
 * const watchdog = await Watchdog.over(server.pid, { name: "sleep", log() {} });
 * await watchdog.end();
 * assertEquals((await server.status).signal, "SIGTERM");
 * ```
 */
export class Watchdog {
  readonly #group: number;
  readonly #options: WatchdogOptions;
  #process: Deno.ChildProcess;
  #ending = false;
  #released = false;
  readonly #ended: Promise<void>;

  private constructor(group: number, options: WatchdogOptions, process: Deno.ChildProcess) {
    this.#group = group;
    this.#options = options;
    this.#process = process;
    const { name, log } = options;
    const {
      onLost = (error) => log("error", `The processes of ${name} are watched no more: ${error}`),
    } = options;
    this.#ended = this.#keep().catch(onLost);
  }

  /** Watches the process group `group`; once this resolves the group ends with this process. */
  static async over(group: number, options: WatchdogOptions): Promise<Watchdog> {
    return new Watchdog(group, options, await spawn(group, options));
  }

  /** The watchdog's own process. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Ends every process that is left, as it would be ended without this process. */
  async end(): Promise<void> {
    this.#ending = true;
    await close(this.#process);
    await this.#ended;
  }

  /** Ends the watch and nothing else: the group is gone, and its id may soon be another one's. */
  async release(): Promise<void> {
    this.#released = true;
    kill(this.#process);
    await this.#ended;
    await close(this.#process);
  }

  async #keep(): Promise<void> {
    const { name, log } = this.#options;
    for (let round = 0;; round++) {
      const { success, code } = await this.#process.status;
      if (success || this.#released) return;
      if (round === REPLACEMENTS) throw new Error(`its watchdog was ended ${round} times`);
      log("warn", `The watchdog of ${name} ended with status ${code}; there is a new one.`);
      await close(this.#process);
      this.#process = await spawn(this.#group, this.#options);
      if (this.#released) kill(this.#process);
      else if (this.#ending) await close(this.#process);
    }
  }
}

/** Its own session, so that Ctrl-C and a closed terminal do not reach it. */
async function spawn(group: number, options: WatchdogOptions): Promise<Deno.ChildProcess> {
  const { name, mark = "", asks = true, patienceMs = 1500 } = options;
  const words = [group, mark, asks ? "TERM" : "0", Math.ceil(patienceMs / QUARTER_MS)];
  const process = new Deno.Command("sh", {
    args: ["-c", SCRIPT, "dotevals-watchdog", ...words.map(String)],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
    detached: true,
  }).spawn();
  const reader = process.stdout.getReader();
  const { done } = await reader.read();
  await reader.cancel();
  if (!done) return process;
  await close(process);
  throw new Error(`the process that watches over ${name} did not start`);
}

async function close(process: Deno.ChildProcess): Promise<void> {
  await process.stdin.close().catch(() => {});
}

function kill(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch {
    // It is gone already.
  }
}
