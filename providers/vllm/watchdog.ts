/**
 * Ends a server's processes, also when this process is killed and can end nothing any more.
 *
 * @module
 */
import type { LogLevel } from "../../src/providers/provider.ts";

/**
 * What the watchdog runs, for any POSIX shell: it waits until its standard input ends, because it
 * was closed or because this process is gone, and then ends the process group `$1`.
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
group=$1 mark=$2 round=0
if [ -r /proc/self/stat ]; then
  found() {
    grep -lsE "^[0-9]+ .*\\) [^ZX] [0-9]+ ([0-9]+ )?$group " /proc/[0-9]*/stat
    grep -ls -- "$mark" /proc/[0-9]*/environ
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
tell TERM
while [ $round -lt 15 ]; do
  sleep 0.1 || sleep 1
  left || exit 0
  round=$((round + 1))
done
while [ $round -lt 25 ]; do
  tell KILL
  sleep 0.1 || sleep 1
  left || exit 0
  round=$((round + 1))
done
`;

/** How often a watchdog that is killed is replaced. */
const REPLACEMENTS = 10;

/** What a watchdog is told of what it watches. */
export interface WatchdogOptions {
  /** `NAME=VALUE` in the environment of every process that it has to end. */
  readonly mark: string;
  /** Told when a watchdog was killed. */
  readonly log: (level: LogLevel, message: string) => void;
}

/** Watches a process group, and is replaced where somebody kills it. */
export class Watchdog {
  #group: number;
  #options: WatchdogOptions;
  #process: Deno.ChildProcess;
  #ending = false;
  #ended: Promise<void>;

  private constructor(group: number, options: WatchdogOptions, process: Deno.ChildProcess) {
    this.#group = group;
    this.#options = options;
    this.#process = process;
    this.#ended = this.#keep().catch((error) => {
      options.log("error", `The processes of vllm are watched no more: ${error}`);
    });
  }

  /** Watches the process group `group`; once this resolves the group ends with this process. */
  static async over(group: number, options: WatchdogOptions): Promise<Watchdog> {
    return new Watchdog(group, options, await spawn(group, options.mark));
  }

  /** The watchdog's own process. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Ends every process that is left: SIGTERM, and SIGKILL after about two seconds. */
  async end(): Promise<void> {
    this.#ending = true;
    await close(this.#process);
    await this.#ended;
  }

  async #keep(): Promise<void> {
    for (let round = 0; round < REPLACEMENTS; round++) {
      const { success, code } = await this.#process.status;
      if (success) return;
      this.#options.log(
        "warn",
        `The watchdog of vllm ended with status ${code}; there is a new one.`,
      );
      this.#process = await spawn(this.#group, this.#options.mark);
      if (this.#ending) await close(this.#process);
    }
  }
}

/** Its own session, so that Ctrl-C and a closed terminal do not reach it. */
async function spawn(group: number, mark: string): Promise<Deno.ChildProcess> {
  const process = new Deno.Command("sh", {
    args: ["-c", SCRIPT, "vllm-watchdog", String(group), mark],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
    detached: true,
  }).spawn();
  const reader = process.stdout.getReader();
  const { done } = await reader.read();
  await reader.cancel();
  if (done) throw new Error("the process that watches over vllm did not start");
  return process;
}

async function close(process: Deno.ChildProcess): Promise<void> {
  await process.stdin.close().catch(() => {});
}
