/**
 * What a command is, and the world that it sees.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { OptionSpecs } from "./option_specs.ts";

/** One command: its file in this folder is called like it. */
export interface Command {
  readonly name: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** What stands behind its name: `EXPERIMENT [options]`. */
  readonly usage: string;
  /** What else `--help` says, with an example. */
  readonly help: string;
  /** What it consists of: the first word behind its name is one of them. */
  readonly parts?: readonly CommandPart[];
  readonly options: OptionSpecs;
  /**
   * Runs it, returning the status to exit with.
   *
   * @throws {DotevalsError} for all that the user can act on
   */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** A command, or an option in its place, as a list shows it. */
export type CommandSummary = Pick<Command, "name" | "summary">;

/** A part of a command, such as `copy` of `storage`: its file is called `storage_copy.ts`. */
export interface CommandPart extends CommandSummary {
  /** What its file is called instead, without `.ts`. */
  readonly file?: string;
}

/** The world as a command sees it; tests pass their own. */
export interface CommandIo {
  /** Results. */
  readonly stdout: TextSink;
  /** All else. */
  readonly stderr: TextSink;
  /** What to write in a shell to run the command: `deno run -A jsr:@dotevals/cli`. */
  readonly program: string;
  /** Where relative paths start. */
  readonly cwd: string;
  /** An environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Asks a question that is answered with yes or no; `undefined` where nobody can answer. */
  readonly confirm: ((question: string) => boolean) | undefined;
  /** Whether errors are shown with their stack. */
  readonly debug: boolean;
  readonly clock: Clock;
}

/** Somewhere to write text. */
export interface TextSink {
  /**
   * Writes text as it is, at once.
   *
   * @throws {OutputClosedError} once nobody reads it any more, as behind `| head`
   */
  write(text: string): void;
  /**
   * Writes bytes, as `write` does.
   *
   * @throws {OutputClosedError} as `write` does
   */
  writeBytes(bytes: Uint8Array): void;
  /** Whether this is a terminal. */
  readonly isTerminal: boolean;
  /** The terminal's size now; `undefined` where there is none. */
  readonly size: TerminalSize | undefined;
  /** Whether colours are wanted. */
  readonly color: boolean;
}

/** A terminal's size in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Nobody reads the output any more; the command ends without a word. */
export class OutputClosedError extends Error {
  /** Makes the error. */
  constructor() {
    super("The output was closed.");
    this.name = "OutputClosedError";
  }
}
