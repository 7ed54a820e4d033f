/**
 * One session at a time delivers what earlier ones of its experiment left on this machine.
 *
 * @module
 */
import { join } from "@std/path/join";
import { resolve } from "@std/path/resolve";
import { type Clock, wait } from "../clock.ts";
import { type HeldLock, tryLockFile } from "./lock_file.ts";
import type { SpoolHeader } from "./spool_entry.ts";
import { prefixOf, spoolFailed } from "./spool_place.ts";

/** How often a session asks whether it is its turn, in milliseconds. */
const ASK_EVERY_MS = 50;

/** For how many milliseconds it says nothing: an ordinary delivery takes less. */
const SILENT_MS = 2_000;

/** How a session waits for its turn. */
export interface TurnOptions extends SpoolHeader {
  readonly clock: Clock;
  /** Told once, when it takes long: the other one may be stopped, or wait for the database itself. */
  readonly onWaiting: () => void;
}

/**
 * Waits until no other session is delivering what earlier ones of the experiment left: what one
 * has taken over is missing in the database, and would be run again, until it has delivered it.
 *
 * @throws {DotevalsError} `spool-failed` (exit 3) when the folder cannot be written
 */
export async function takeTurn(
  folder: string,
  { clock, onWaiting, ...header }: TurnOptions,
): Promise<HeldLock> {
  const never = new AbortController().signal;
  try {
    await Deno.mkdir(resolve(folder), { recursive: true });
    const path = join(resolve(folder), `${await prefixOf(header)}.lock`);
    for (let waited = 0;; waited += ASK_EVERY_MS) {
      const lock = await tryLockFile(path, "");
      if (lock !== undefined) return lock;
      if (waited === SILENT_MS) onWaiting();
      await wait(clock, ASK_EVERY_MS, never);
    }
  } catch (error) {
    throw spoolFailed(error, folder);
  }
}
