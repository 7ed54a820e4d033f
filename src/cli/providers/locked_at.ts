/**
 * The plugin that a command line names, out of the lock.
 *
 * @module
 */
import { DotevalsError } from "../../errors.ts";
import { lockCommand } from "../../providers/lock/lock_command.ts";
import { LOCK_FILE, type LockedPlugin, readLock } from "../../providers/lock/lock_file.ts";
import type { CommandIo } from "../command.ts";

/**
 * What is locked at a URL.
 *
 * @throws {DotevalsError} `not-locked` where there is nothing
 */
export async function lockedAt(url: string, io: CommandIo): Promise<LockedPlugin> {
  const plugins = await readLock(io.cwd);
  const locked = plugins.get(url);
  if (locked) return locked;
  throw new DotevalsError(`${url} is not in ${LOCK_FILE}.`, {
    code: "not-locked",
    hint: plugins.size === 0
      ? `To add it: ${lockCommand(url, { program: io.program, command: "add" })}`
      : `There are ${[...plugins.keys()].join(", ")}.`,
  });
}
