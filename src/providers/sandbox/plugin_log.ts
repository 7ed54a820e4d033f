/**
 * What a plugin writes, as lines of our log: prefixed with its name, and not too many.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { withoutAnsi } from "../../without_ansi.ts";
import type { LogLevel, SetupContext } from "../provider.ts";
import type { SandboxLimits } from "./limits.ts";

const LEVELS: readonly string[] = ["debug", "info", "warn", "error"];

/** What Deno writes when it ends a program: more telling than what comes after it. */
const TELLING = /^error: |out of memory/;

/** Characters that a line counts for beside its own. */
const LINE_COST = 32;

/** Seconds of ordinary output that may come at once. */
const BURST = 10;

/** What a log needs. */
export interface PluginLogOptions {
  readonly limits: SandboxLimits;
  readonly clock: Clock;
  readonly log: SetupContext["log"];
  /** What its lines begin with. */
  readonly name: () => string;
}

/** The log of one plugin's process. */
export class PluginLog {
  readonly #options: PluginLogOptions;
  #allowance: number;
  #filledAt: number;
  #dropped = 0;
  #droppedLines = 0;
  #last = "";

  /** Passes lines on to the session's log. */
  constructor(options: PluginLogOptions) {
    this.#options = options;
    this.#allowance = options.limits.logPerSecond * BURST;
    this.#filledAt = options.clock.monotonic();
  }

  /** What it wrote last, or Deno's own error; says why it ended where it ends by itself. */
  get last(): string {
    return this.#last;
  }

  /** Whether so much had to be left out that it floods us. */
  get isFlood(): boolean {
    return this.#dropped > this.#options.limits.logDropped;
  }

  /** Takes a line. */
  add(level: string, text: string): void {
    const { limits, log } = this.#options;
    const line = withoutAnsi(text).slice(0, limits.logLineLength);
    if (line.trim() !== "" && !TELLING.test(this.#last)) this.#last = line;
    this.#fill();
    const cost = line.length + LINE_COST;
    if (cost > this.#allowance) {
      this.#dropped += text.length + LINE_COST;
      this.#droppedLines++;
      return;
    }
    this.#allowance -= cost;
    this.#sayDropped();
    log(LEVELS.includes(level) ? level as LogLevel : "info", this.#named(line));
  }

  /** Says what was left out at the end. */
  close(): void {
    this.#sayDropped();
  }

  #sayDropped(): void {
    if (this.#droppedLines === 0) return;
    const { log } = this.#options;
    log("warn", this.#named(`${this.#droppedLines} lines were left out: it writes too much.`));
    this.#droppedLines = 0;
  }

  #named(text: string): string {
    return `${this.#options.name()}: ${text}`;
  }

  #fill(): void {
    const { limits, clock } = this.#options;
    const now = clock.monotonic();
    const more = (now - this.#filledAt) / 1000 * limits.logPerSecond;
    this.#allowance = Math.min(this.#allowance + more, limits.logPerSecond * BURST);
    this.#filledAt = now;
  }
}
