/**
 * Errors whose message and hint are all that a user needs to see.
 *
 * @module
 */

/**
 * What the command's exit status says.
 *
 * 1: every item of an evaluation failed; 2: usage, nothing found, or a changed
 * definition; 3: storage or a provider could not start; 4: stopped early; 130:
 * interrupted.
 */
export type ExitCode = 1 | 2 | 3 | 4 | 130;

/** What a {@linkcode DotevalsError} carries beside its message. */
export interface DotevalsErrorOptions {
  /** What went wrong, for code that catches: `"storage-locked"`, `"unknown-option"`, … */
  readonly code: string;
  /** What to do about it, one sentence. */
  readonly hint?: string | undefined;
  /**
   * The status that the command exits with.
   *
   * @default {2}
   */
  readonly exitCode?: ExitCode;
  /** The error behind this one. */
  readonly cause?: unknown;
}

/**
 * An error that the user can act on: its message says what failed and with which
 * value, its hint what to do.
 *
 * @example
 * ```ts
 * import { DotevalsError } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new DotevalsError("No experiment is named \"a\".", { code: "no-experiment" });
 * assertEquals(error.exitCode, 2);
 * ```
 */
export class DotevalsError extends Error {
  /** What went wrong, for code that catches. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** The status that the command exits with. */
  readonly exitCode: ExitCode;

  /** Makes an error from a message that says what failed and with which value. */
  constructor(message: string, options: DotevalsErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DotevalsError";
    this.code = options.code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 2;
  }
}

/**
 * The text of anything that was thrown, an `Error` or not.
 *
 * Never throws itself, whatever was thrown.
 */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  try {
    if (thrown instanceof Error) return String(thrown.message || thrown.name);
    if (typeof thrown === "object" && thrown !== null && "message" in thrown) {
      return String(thrown.message);
    }
    return typeof thrown === "object" ? JSON.stringify(thrown) ?? String(thrown) : String(thrown);
  } catch {
    return "a value that cannot be shown was thrown";
  }
}
