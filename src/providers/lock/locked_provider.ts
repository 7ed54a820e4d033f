/**
 * The provider that a URL names, as `dotevals.lock.json` allows it.
 *
 * @module
 */
import { type Clock, systemClock } from "../../clock.ts";
import { DotevalsError } from "../../errors.ts";
import type { ModelProvider } from "../provider.ts";
import type { SandboxLimits } from "../sandbox/limits.ts";
import { pluginProvider } from "../sandbox/plugin_provider.ts";
import { downloadLocked } from "./download.ts";
import { LOCK_FILE, readLock } from "./lock_file.ts";

/** What {@linkcode lockedProvider} needs. */
export interface LockedProviderOptions {
  /** The folder with the lock file. */
  readonly cwd: string;
  readonly env: (name: string) => string | undefined;
  /** @default {systemClock} */
  readonly clock?: Clock | undefined;
  readonly limits?: SandboxLimits | undefined;
}

/**
 * The provider at `url`; nothing of it runs before its setup.
 *
 * @throws {DotevalsError} `provider-not-granted` if its user has not granted it anything
 */
export async function lockedProvider(
  url: string,
  { cwd, env, clock = systemClock, limits }: LockedProviderOptions,
): Promise<ModelProvider> {
  const locked = (await readLock(cwd)).get(url);
  if (!locked) throw notGranted(url);
  const { name, grant, modules } = locked;
  return pluginProvider({
    name,
    grant,
    clock,
    env,
    ...limits && { limits },
    source: (signal) => downloadLocked(url, { cwd, modules, env, signal }),
  });
}

function notGranted(url: string): DotevalsError {
  return new DotevalsError(
    `The provider ${url} is not in ${LOCK_FILE}: it was granted nothing, and was not run.`,
    {
      code: "provider-not-granted",
      hint: `See what it asks for, and grant it: dotevals providers add ${url}`,
      exitCode: 3,
    },
  );
}
