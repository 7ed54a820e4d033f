/**
 * A provider of a file, in a sandbox, as the suite for providers tries it.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { systemClock } from "../../../clock.ts";
import { type ModelProvider, PROVIDER, PROVIDER_PROTOCOL } from "../../provider.ts";
import { fileSource } from "../file_plugin.ts";
import { toGrant } from "../grant.ts";
import { pluginProvider } from "../plugin_provider.ts";
import { readAsks } from "../read_asks.ts";

const env = (name: string) => Deno.env.get(name);

/** The provider at `url`, granted what it asks for, and the hosts that its options name. */
export function inSandbox(
  { name, permissions }: Pick<ModelProvider, "name" | "permissions">,
  url: string,
): ModelProvider {
  let known: ReturnType<typeof load> | undefined;
  return {
    [PROVIDER]: PROVIDER_PROTOCOL,
    name,
    permissions,
    config: { "~standard": { version: 1, vendor: "t", validate: (value) => ({ value }) } },
    async setup(spec, context) {
      const { source, asks } = await (known ??= load(url));
      const named = namedIn(context.config as Readonly<Record<string, unknown>>);
      const provider = pluginProvider({
        name,
        grant: toGrant({ net: [...asks.net, ...named.net], env: [...asks.env, ...named.env] }),
        clock: systemClock,
        env,
        source: () => Promise.resolve(source),
      });
      return await provider.setup(spec, context);
    },
  };
}

async function load(url: string) {
  const source = await fileSource(url, env);
  const signal = new AbortController().signal;
  // Some import their own files, and packages, when they need them: the module graph does not say so.
  const readable = [fromFileUrl(new URL("./", url)), ...source.readable ?? []];
  const whole = { ...source, readable, hasNpm: true };
  const { asks } = await readAsks(whole, { clock: systemClock, env, log() {}, signal });
  return { source: whole, asks };
}

function namedIn(options: Readonly<Record<string, unknown>>) {
  const net: string[] = [];
  const variables: string[] = [];
  for (const [option, value] of Object.entries(options)) {
    if (typeof value !== "string") continue;
    if (URL.canParse(value)) net.push(new URL(value).host);
    if (option.endsWith("Variable")) variables.push(value);
  }
  return { net, env: variables };
}
