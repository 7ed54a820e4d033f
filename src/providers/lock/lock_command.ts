/**
 * Commands that change the lock, for those who have to type them.
 *
 * @module
 */
import { shellQuoted } from "../../shell_quoted.ts";
import { type Grant, grantOptions } from "../sandbox/grant.ts";

/** A command about the plugin at a URL. */
export interface LockCommand {
  /** What to write in a shell to run `dotevals`. */
  readonly program: string;
  /** `add` or `update`. */
  readonly command: string;
  /** What it is to grant. */
  readonly grant?: Grant;
}

/** The command as a shell takes it. */
export function lockCommand(url: string, { program, command, grant }: LockCommand): string {
  const options = grant ? [grantOptions(grant) || "--yes"] : [];
  return [program, "providers", command, shellQuoted(url), ...options].join(" ");
}
