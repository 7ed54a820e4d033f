/**
 * A server that is started again when it dies by itself.
 *
 * @module
 */
import { ModelError } from "../../src/providers/model_error.ts";
import type { LogLevel } from "../../src/providers/provider.ts";
import { endOf } from "./start_failure.ts";
import type { StartedServer } from "./start_server.ts";

/** How many lines of its log are shown of a server that died. */
const SHOWN = 10;

/** How often a server that died is started again. */
const RESTARTS = 2;

/** How long a server that was told to end may take, in milliseconds. */
const END_PATIENCE_MS = 4000;

/** What a keeper needs of its surroundings. */
export interface ServerKeeperOptions {
  /** Starts the server. */
  readonly start: (signal: AbortSignal) => Promise<StartedServer>;
  readonly log: (level: LogLevel, message: string) => void;
}

/** Keeps a server up until it is closed. */
export class ServerKeeper {
  readonly #options: ServerKeeperOptions;
  #current: Promise<StartedServer>;
  readonly #closing = new AbortController();
  #restarts = 0;

  private constructor(first: StartedServer, options: ServerKeeperOptions) {
    this.#options = options;
    this.#current = Promise.resolve(first);
    this.#watch(first);
  }

  /** Starts the server; `signal` ends only this first start. */
  static async open(options: ServerKeeperOptions, signal: AbortSignal): Promise<ServerKeeper> {
    return new ServerKeeper(await options.start(signal), options);
  }

  /**
   * The server, when it is ready.
   *
   * @throws why it could not be started again
   */
  get current(): Promise<StartedServer> {
    return this.#current;
  }

  /** Ends the server, also while it is being started again. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("vllm was torn down."));
    const server = await this.#current.catch(() => undefined);
    await server?.process.end(END_PATIENCE_MS);
  }

  #watch({ process }: StartedServer): void {
    void process.exited.then((status) => {
      if (this.#closing.signal.aborted) return;
      const { log } = this.#options;
      const what = `vllm ${endOf(status)} while it was serving`;
      log("error", `${what}:\n${process.tail.excerpt(SHOWN).join("\n")}`);
      this.#current = process.end(0).then(() => this.#restart(what));
      this.#current.then((server) => this.#watch(server), (error) => {
        if (!this.#closing.signal.aborted) log("error", String(error));
      });
    });
  }

  async #restart(what: string): Promise<StartedServer> {
    if (this.#restarts++ === RESTARTS) throw gone(`${what}, again; it is not started again`);
    this.#options.log("warn", "vllm is started again.");
    try {
      return await this.#options.start(this.#closing.signal);
    } catch (cause) {
      throw gone(`${what}, and could not be started again`, cause);
    }
  }
}

/** Nothing will answer any more: a retry cannot help. */
function gone(message: string, cause?: unknown): ModelError {
  return new ModelError(`${message}.`, { code: "provider-crash", retryable: false, cause });
}
