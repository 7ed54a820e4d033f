/**
 * One process that runs a plugin: asked, answered, watched, ended.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { ProviderCrashError } from "../model_error.ts";
import type { SetupContext } from "../provider.ts";
import { Watchdog } from "../watchdog.ts";
import { BOOT_URL } from "./boot_source.ts";
import { Calls } from "./calls.ts";
import { sandboxEnv, sandboxFlags, type SandboxSource } from "./flags.ts";
import type { Grant } from "./grant.ts";
import { keepLeftOpen } from "./left_open.ts";
import type { SandboxLimits } from "./limits.ts";
import { readLines } from "./lines.ts";
import { Outbox } from "./outbox.ts";
import { PluginLog } from "./plugin_log.ts";
import { residentMb } from "./resident.ts";
import type { RequestName } from "./wire.ts";

/** Milliseconds that it gets to end by itself once this process is gone. */
const ORPHAN_PATIENCE_MS = 2250;

/** What a plugin's process needs. */
export interface PluginProcessOptions {
  readonly source: SandboxSource;
  readonly grant: Grant;
  readonly limits: SandboxLimits;
  readonly clock: Clock;
  readonly env: (name: string) => string | undefined;
  readonly log: SetupContext["log"];
  /** What it is called in messages. */
  readonly name: string;
  /** Told the process's id. */
  readonly onStart?: (pid: number) => void;
  /** Other flags in place of the sandbox's: what an attack does without it. For tests alone. */
  readonly flags?: readonly string[] | undefined;
}

/** A process that runs a plugin. */
export class PluginProcess {
  readonly #options: PluginProcessOptions;
  readonly #child: Deno.ChildProcess;
  readonly #calls: Calls;
  readonly #outbox: Outbox;
  readonly #log: PluginLog;
  readonly #watchdog: Promise<Watchdog | undefined>;
  #stopBeat: (() => void) | undefined;
  #unanswered = 0;
  /** Why it was ended, or will be taken to have ended. */
  #reason: string | undefined;
  readonly #ended: Promise<void>;

  private constructor(options: PluginProcessOptions) {
    this.#options = options;
    const { source, limits, clock, log, name } = options;
    keepLeftOpen();
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [...options.flags ?? sandboxFlags(source, options), BOOT_URL],
      // The name of the folder that we are in is nothing of its business.
      cwd: Deno.build.os === "windows" ? "C:\\" : "/",
      clearEnv: true,
      env: sandboxEnv(source, options),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      // A group of its own: Ctrl-C in a terminal is for the control plane.
      detached: true,
    }).spawn();
    options.onStart?.(this.#child.pid);
    this.#log = new PluginLog({ limits, clock, log, name: () => name });
    this.#calls = new Calls((text) => this.end(text));
    this.#outbox = new Outbox(this.#child.stdin);
    this.#watchdog = this.#watched();
    this.#watchdog.catch((error) => this.end(messageOf(error)));
    this.#ended = this.#follow();
  }

  /** Starts one, and lets it import the plugin; resolves with what the plugin says it is. */
  static async start(
    options: PluginProcessOptions,
    signal: AbortSignal,
  ): Promise<{ readonly process: PluginProcess; readonly exported: unknown }> {
    const process = new PluginProcess(options);
    const { limits, clock, source: { url, hasNpm } } = options;
    const stop = clock.after(
      limits.startMs,
      () => process.end(`it had not started after ${limits.startMs / 1000} s`),
    );
    try {
      // Before anybody's code runs in it, it is certain that it will end.
      await process.#watchdog;
      const exported = await process.ask("import", { url, hasNpm }, signal);
      process.#beat();
      return { process, exported };
    } catch (error) {
      await process.close(0);
      throw error;
    } finally {
      stop();
    }
  }

  /** The process's id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Whether it is over, or about to be. */
  get isOver(): boolean {
    return this.#reason !== undefined;
  }

  /** Resolves when the process is gone and all who waited for it know. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /**
   * Asks it for something.
   *
   * @throws {ProviderCrashError} if it ends before it answers
   * @throws what it answered with, or the signal's reason as soon as it aborts
   */
  ask(name: RequestName, input: unknown, signal?: AbortSignal): Promise<unknown> {
    if (this.#reason !== undefined) return Promise.reject(this.#crash());
    if (signal?.aborted) return Promise.reject(signal.reason);
    return this.#calls.begin((id) => {
      this.#outbox.send({ id, do: name, with: input });
      return () => this.#outbox.send({ cancel: id });
    }, signal);
  }

  /** Kills it, for a reason that everybody who waits for an answer gets. */
  end(reason: string): void {
    this.#reason ??= reason;
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It is gone already.
    }
  }

  /** Lets it end by itself for so many milliseconds, then ends it. */
  async close(patienceMs: number): Promise<void> {
    this.#reason ??= "it was closed";
    const stop = this.#options.clock.after(patienceMs, () => this.end("it was closed"));
    await this.#outbox.close();
    await this.#ended;
    stop();
  }

  /** A plugin that spins never sees that its input has ended, so another process has to look. */
  async #watched(): Promise<Watchdog | undefined> {
    if (Deno.build.os === "windows") return undefined;
    const { name, log } = this.#options;
    return await Watchdog.over(this.#child.pid, {
      name,
      asks: false,
      patienceMs: ORPHAN_PATIENCE_MS,
      log,
      onLost: (error) => this.end(`nothing watches over it any more: ${messageOf(error)}`),
    });
  }

  /** Follows its output to its end. Never throws. */
  async #follow(): Promise<void> {
    const { messageLength, logLineLength } = this.#options.limits;
    const outputs = [
      readLines(this.#child.stdout, {
        longest: messageLength,
        onLine: (line) => this.#receive(line),
        onTooLong: () => this.end(`it sent a message of more than ${messageLength} characters`),
      }),
      readLines(this.#child.stderr, {
        longest: logLineLength * 4,
        onLine: (line) => this.#write("info", line),
        onTooLong: (beginning) => this.#write("info", beginning),
      }),
    ];
    const [status] = await Promise.all([this.#child.status, Promise.allSettled(outputs)]);
    this.#reason ??= reasonOf(status, this.#log.last);
    this.#stopBeat?.();
    await this.#watchdog.then((watchdog) => watchdog?.release(), () => {});
    await this.#outbox.close();
    this.#log.close();
    this.#calls.failAll(this.#crash());
  }

  #receive(line: string): void {
    if (this.#reason !== undefined && this.#reason !== "it was closed") return;
    const said = this.#calls.receive(line);
    if (said) this.#write(said.level, said.text);
  }

  #write(level: string, text: string): void {
    this.#log.add(level, text);
    if (this.#log.isFlood) this.end("it floods its log");
  }

  /** Asks again and again whether it still answers. */
  #beat(): void {
    const { limits, clock } = this.#options;
    this.#stopBeat = clock.after(limits.beatMs, () => {
      if (this.#reason !== undefined) return;
      if (this.#unanswered++ >= limits.missedBeats) {
        const seconds = limits.missedBeats * limits.beatMs / 1000;
        return this.end(`it has not answered for ${seconds} s`);
      }
      this.ask("ping", null).then(() => this.#unanswered = 0, () => {});
      void this.#weigh();
      this.#beat();
    });
  }

  async #weigh(): Promise<void> {
    const { memoryMb } = this.#options.limits;
    const used = await residentMb(this.#child.pid);
    if (used !== undefined && used > memoryMb) this.end(`it uses more than ${memoryMb} MB`);
  }

  #crash(): ProviderCrashError {
    const { name } = this.#options;
    return new ProviderCrashError(`The process of ${name} ended: ${this.#reason}.`);
  }
}

function reasonOf(status: Deno.CommandStatus, last: string): string {
  const how = status.signal === null ? `status ${status.code}` : status.signal;
  if (/out of memory/.test(last)) return "it used up its memory";
  return last === "" ? how : `${how}, after it wrote "${last.slice(0, 500)}"`;
}
