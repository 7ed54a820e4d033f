/**
 * What a plugin asks for, read where it can do nothing.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { DotevalsError, messageOf } from "../../errors.ts";
import type { SetupContext } from "../provider.ts";
import { checkExported, type Exported } from "./exported.ts";
import type { SandboxSource } from "./flags.ts";
import { NOTHING } from "./grant.ts";
import { DEFAULT_LIMITS, type SandboxLimits } from "./limits.ts";
import { PluginProcess } from "./plugin_process.ts";

/** What {@linkcode readAsks} needs. */
export interface ReadAsksOptions {
  readonly clock: Clock;
  readonly env: (name: string) => string | undefined;
  readonly log: SetupContext["log"];
  readonly signal: AbortSignal;
  /** @default {DEFAULT_LIMITS} */
  readonly limits?: SandboxLimits;
}

/**
 * Imports a plugin in a process without any grant, within a time limit, and ends the process.
 *
 * @throws {DotevalsError} `provider-not-loaded`
 */
export async function readAsks(
  source: SandboxSource,
  { signal, limits = DEFAULT_LIMITS, ...options }: ReadAsksOptions,
): Promise<Exported> {
  const name = source.url;
  try {
    const { process, exported } = await PluginProcess.start(
      { ...options, source, grant: NOTHING, limits, name },
      signal,
    );
    await process.close(0);
    return checkExported(exported);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof DotevalsError) throw cause;
    // A stranger's words, in one line: no line of theirs is taken for one of ours.
    const reason = messageOf(cause).replaceAll(/\s+/g, " ").replace(/\.$/, "");
    throw new DotevalsError(`The provider ${name} could not be loaded: ${reason}.`, {
      code: "provider-not-loaded",
      hint:
        "Its module must `export default defineProvider({ … })`, and need nothing to be imported.",
      exitCode: 3,
      cause,
    });
  }
}
