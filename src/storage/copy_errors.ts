/**
 * The errors of copying.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import type { Database } from "./database.ts";
import { leasesOf, liveTokens, toLease } from "./lease.ts";
import { experimentLocked } from "./lease_errors.ts";

/** The error for a target that is not, or will not be, the same as the source. */
export function copyDiffers(
  experiment: string,
  location: string,
  { detail }: { readonly detail: string },
): DotevalsError {
  return new DotevalsError(
    `The experiment ${JSON.stringify(experiment)} in ${location} differs: ${detail}.`,
    {
      code: "copy-differs",
      hint: "Nothing of its own was changed. Copy to another storage, or rename one of the two.",
      exitCode: 3,
    },
  );
}

/** The error for a source that changed meanwhile. */
export function copyChanged(experiment: string, location: string): DotevalsError {
  return new DotevalsError(
    `The experiment ${JSON.stringify(experiment)} in ${location} was changed while it was copied.`,
    {
      code: "copy-changed",
      hint: "Copy it again when nobody writes to it: what is there is not copied again.",
      exitCode: 3,
    },
  );
}

/**
 * Refuses an experiment that a session writes to now.
 *
 * @throws {DotevalsError} `experiment-locked`
 */
export async function refuseWhileWritten(database: Database, experiment: string): Promise<void> {
  const rows = await database.rows(leasesOf(experiment));
  const live = await liveTokens(rows);
  const lease = rows.map(toLease).find(({ token }) => live.has(token));
  if (lease === undefined) return;
  const { message, code, exitCode } = experimentLocked(experiment, lease);
  throw new DotevalsError(message, {
    code,
    hint: "Copy it when that session has ended.",
    exitCode,
  });
}
