/**
 * A server as a process of its own that never outlives this one.
 *
 * @module
 */
import type { LogLevel } from "../../src/providers/provider.ts";
import { Watchdog } from "../../src/providers/watchdog.ts";
import { LogTail, readLines } from "./log_tail.ts";
import { within } from "./within.ts";

/**
 * Becomes the server as soon as it is told to: not before its watchdog is there, and never when
 * this process dies in between.
 */
const LAUNCHER = `
read -r go || exit 125
command -v "$1" >/dev/null || exit 127
exec "$@" </dev/null
`;

/** The variable that marks a server's processes, wherever they go. */
const MARK = "DOTEVALS_VLLM";

/** Keeps the mark readable: vLLM's engines else write their title over their environment. */
const KEEP_MARK = { SPT_NOENV: "1" };

/** How long a process that was killed may take to be gone, in milliseconds. */
const END_PATIENCE_MS = 1000;

/** How long the rest of the output of a server that is gone is waited for, in milliseconds. */
const OUTPUT_PATIENCE_MS = 1000;

/** What a server's process is started with. */
export interface ServerProcessOptions {
  readonly args: readonly string[];
  /** Variables beside those of this process. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: (level: LogLevel, message: string) => void;
}

/** A server's process. */
export class ServerProcess {
  /** Everything that it printed last. */
  readonly tail: LogTail = new LogTail();
  /** How it ended, once it did. */
  status: Deno.CommandStatus | undefined;
  /** Resolves when it ended. */
  readonly exited: Promise<Deno.CommandStatus>;

  readonly #process: Deno.ChildProcess;
  readonly #watchdog: Watchdog;
  readonly #output: Promise<unknown>;
  #ended: Promise<void> | undefined;

  private constructor(
    process: Deno.ChildProcess,
    watchdog: Watchdog,
    log: ServerProcessOptions["log"],
  ) {
    this.#process = process;
    this.#watchdog = watchdog;
    const onLine = (line: string) => {
      this.tail.add(line);
      log("debug", line);
    };
    this.#output = Promise.allSettled([
      readLines(process.stdout, onLine),
      readLines(process.stderr, onLine),
    ]);
    this.exited = process.status.then((status) => this.status = status);
  }

  /** Starts `command` in a session of its own: Ctrl-C is not for it, but for dotevals. */
  static async start(command: string, options: ServerProcessOptions): Promise<ServerProcess> {
    const { args, env, log } = options;
    const id = crypto.randomUUID();
    const process = new Deno.Command("sh", {
      args: ["-c", LAUNCHER, "vllm-launcher", command, ...args],
      env: { ...KEEP_MARK, ...env, [MARK]: id },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      detached: true,
    }).spawn();
    const watchdog = await Watchdog.over(process.pid, {
      name: "vllm",
      mark: `${MARK}=${id}`,
      log,
    }).catch(async (error) => {
      await process.stdin.close();
      throw error;
    });
    const go = process.stdin.getWriter();
    await go.write(new TextEncoder().encode("go\n"));
    await go.close();
    return new ServerProcess(process, watchdog, log);
  }

  /** The process's id. */
  get pid(): number {
    return this.#process.pid;
  }

  /** The id of the process that ends this one when dotevals is gone. */
  get watchdogPid(): number {
    return this.#watchdog.pid;
  }

  /**
   * Ends the server and every process that it left: asks it to end by SIGTERM, waits
   * `patienceMs`, and then ends all that is still there.
   *
   * @throws {Error} where the kernel does not let go of it
   */
  end(patienceMs: number): Promise<void> {
    return this.#ended ??= this.#end(patienceMs);
  }

  async #end(patienceMs: number): Promise<void> {
    if (!this.status && patienceMs > 0) {
      try {
        this.#process.kill("SIGTERM");
      } catch {
        // It has just ended by itself.
      }
      await within(this.exited, patienceMs);
    }
    await this.#watchdog.end();
    await within(this.exited, END_PATIENCE_MS);
    if (!this.status) throw new Error(`process ${this.pid} of vllm does not end, even by SIGKILL`);
    // A process that even the watchdog did not find may hold the pipes open.
    await within(this.#output, OUTPUT_PATIENCE_MS);
  }
}
