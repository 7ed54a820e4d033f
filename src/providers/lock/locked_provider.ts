/**
 * The provider that a URL names, as `dotevals.lock.json` allows it.
 *
 * @module
 */
import { type Clock, systemClock } from "../../clock.ts";
import { DotevalsError } from "../../errors.ts";
import { PROGRAM } from "../../program.ts";
import type { ModelProvider } from "../provider.ts";
import type { SandboxLimits } from "../sandbox/limits.ts";
import { pluginProvider } from "../sandbox/plugin_provider.ts";
import { downloadLocked } from "./download.ts";
import { lockCommand } from "./lock_command.ts";
import { LOCK_FILE, readLock } from "./lock_file.ts";

/** What {@linkcode lockedProvider} needs. */
export interface LockedProviderOptions {
  /** The folder with the lock file. */
  readonly cwd: string;
  readonly env: (name: string) => string | undefined;
  /** @default {systemClock} */
  readonly clock?: Clock | undefined;
  readonly limits?: SandboxLimits | undefined;
  /** @default {PROGRAM} */
  readonly program?: string | undefined;
}

/**
 * The provider at `url`; nothing of it runs before its setup.
 *
 * @throws {DotevalsError} `provider-not-granted` if its user has not granted it anything
 */
export async function lockedProvider(
  url: string,
  { cwd, env, clock = systemClock, limits, program = PROGRAM }: LockedProviderOptions,
): Promise<ModelProvider> {
  const locked = (await readLock(cwd)).get(url);
  if (!locked) throw notGranted(url, program);
  const { name, grant, modules } = locked;
  return pluginProvider({
    name,
    grant,
    clock,
    env,
    program,
    ...limits && { limits },
    source: (signal) => downloadLocked(url, { cwd, modules, env, program, clock, signal }),
  });
}

function notGranted(url: string, program: string): DotevalsError {
  return new DotevalsError(
    `The provider ${url} is not in ${LOCK_FILE}: it was granted nothing, and was not run.`,
    {
      code: "provider-not-granted",
      hint: `See what it asks for, and grant it: ${lockCommand(url, { program, command: "add" })}`,
      exitCode: 3,
    },
  );
}
