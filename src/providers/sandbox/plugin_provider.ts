/**
 * A plugin as a provider like any other: its setup starts the sandbox.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { DotevalsError } from "../../errors.ts";
import { PROGRAM } from "../../program.ts";
import { lockCommand } from "../lock/lock_command.ts";
import { variablesNamedBy } from "../named_variables.ts";
import type { ModelOption } from "../model_spec.ts";
import { type ModelProvider, PROVIDER, PROVIDER_PROTOCOL } from "../provider.ts";
import type { SandboxSource } from "./flags.ts";
import { type Grant, isNothing, missing } from "./grant.ts";
import { DEFAULT_LIMITS, type SandboxLimits } from "./limits.ts";
import { sandboxedModel } from "./sandboxed_model.ts";

/** What a sandboxed provider is made from. */
export interface PluginProviderOptions {
  readonly name: string;
  readonly grant: Grant;
  /** Finds its modules; downloads them where they are not on this machine. */
  readonly source: (signal: AbortSignal) => Promise<SandboxSource>;
  readonly clock: Clock;
  /** What Deno itself needs of the environment: registries, proxies, certificates. */
  readonly env: (name: string) => string | undefined;
  /**
   * What to write in a shell to run the command.
   *
   * @default {PROGRAM}
   */
  readonly program?: string;
  /** @default {DEFAULT_LIMITS} */
  readonly limits?: SandboxLimits;
  /** Told the id of each process that is started. */
  readonly onStart?: (pid: number) => void;
}

/** A provider whose models run in processes of their own, with what was granted and nothing else. */
export function pluginProvider(options: PluginProviderOptions): ModelProvider {
  const { name, grant, source, clock, limits = DEFAULT_LIMITS, program = PROGRAM } = options;
  return {
    [PROVIDER]: PROVIDER_PROTOCOL,
    name,
    permissions: grant,
    // Its own schema is its own code, so it runs where the rest of it does.
    config: {
      "~standard": { version: 1, vendor: "dotevals", validate: (value) => ({ value }) },
    },
    async setup(spec, context) {
      const found = await source(context.signal);
      checkNamed(found.url, { options: context.config, grant, program });
      const granted = new Map(grant.env.map((variable) => [variable, context.env(variable)]));
      return await sandboxedModel({
        source: found,
        grant,
        limits,
        clock,
        env: (variable) => granted.has(variable) ? granted.get(variable) : options.env(variable),
        log: context.log,
        name,
        ...options.onStart && { onStart: options.onStart },
        spec,
        options: context.config,
        check: ({ asks }) => checkAsks(found.url, { asks, grant, program }),
      }, context.signal);
    },
  };
}

/** An option may name a variable; the plugin would find it not set, and say something less clear. */
function checkNamed(
  url: string,
  { options, grant, program }: {
    readonly options: unknown;
    readonly grant: Grant;
    readonly program: string;
  },
): void {
  const named = variablesNamedBy(options as Readonly<Record<string, ModelOption>>);
  const more = named.filter((name) => !grant.env.includes(name));
  if (more.length === 0) return;
  const wider = { net: grant.net, env: [...grant.env, ...more] };
  throw new DotevalsError(
    `Its options name variables that it was not granted: ${more.join(", ")}`,
    {
      code: "provider-asks-more",
      hint: `To grant them: ${lockCommand(url, { program, command: "add", grant: wider })}`,
      exitCode: 3,
    },
  );
}

/** A module may say something else each time that it is imported. */
function checkAsks(
  url: string,
  { asks, grant, program }: {
    readonly asks: Grant;
    readonly grant: Grant;
    readonly program: string;
  },
): void {
  const more = missing(asks, grant);
  if (isNothing(more)) return;
  throw new DotevalsError(
    `It asks for more than it was granted: ${[...more.net, ...more.env].join(", ")}`,
    {
      code: "provider-asks-more",
      hint: `To grant it: ${lockCommand(url, { program, command: "add", grant: asks })}`,
      exitCode: 3,
    },
  );
}
