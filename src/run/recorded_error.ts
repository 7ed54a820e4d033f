/**
 * Anything that was thrown, as it is recorded.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import type { RecordedError } from "../storage/stored_record.ts";

/** The stored form of anything that was thrown. */
export function recordedError(thrown: unknown): RecordedError {
  return {
    name: textOf(thrown, "name") ?? "Error",
    message: messageOf(thrown),
    stack: textOf(thrown, "stack"),
  };
}

/** A text that an error has under a name: what is thrown may have anything there, or throw again. */
function textOf(thrown: unknown, name: "name" | "stack"): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  try {
    const text: unknown = thrown[name];
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}
