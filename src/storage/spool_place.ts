/**
 * The folder of a spool: how an experiment's files are named there, and why it may take none.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import type { SpoolHeader } from "./spool_entry.ts";

/** What the names of an experiment's files start with, for one storage. */
export async function prefixOf({ location, experiment }: SpoolHeader): Promise<string> {
  const identity = new TextEncoder().encode(JSON.stringify([location, experiment]));
  const digest = await crypto.subtle.digest("SHA-256", identity);
  return new Uint8Array(digest).slice(0, 8).toHex();
}

/** The error for a folder that takes no results. */
export function spoolFailed(error: unknown, folder: string): unknown {
  if (error instanceof DotevalsError || !isOfSystem(error)) return error;
  const full = "code" in error && error.code === "ENOSPC";
  return new DotevalsError(
    `Results cannot be kept in the spool folder ${folder}: ${messageOf(error)}.`,
    {
      code: full ? "storage-full" : "spool-failed",
      hint: full
        ? "Make room on the disk; what was recorded is kept."
        : "Results for a remote storage are kept there until it has them; make it writable.",
      exitCode: 3,
      cause: error,
    },
  );
}

/** Whether an error comes from the operating system. */
function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && ("code" in error || error.constructor.name in Deno.errors);
}
