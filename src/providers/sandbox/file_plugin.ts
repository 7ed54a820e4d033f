/**
 * A user's own file in a sandbox, as whoever develops a plugin wants to see it.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { dirname } from "@std/path/dirname";
import { join } from "@std/path/join";
import { type Clock, systemClock } from "../../clock.ts";
import { DotevalsError } from "../../errors.ts";
import { withoutAnsi } from "../../without_ansi.ts";
import type { ModelProvider } from "../provider.ts";
import type { SandboxSource } from "./flags.ts";
import type { SandboxLimits } from "./limits.ts";
import { pluginProvider } from "./plugin_provider.ts";
import { readAsks } from "./read_asks.ts";

/** What {@linkcode filePlugin} needs. */
export interface FilePluginOptions {
  readonly env?: (name: string) => string | undefined;
  /** @default {systemClock} */
  readonly clock?: Clock | undefined;
  readonly limits?: SandboxLimits | undefined;
}

interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly local?: string | null;
    readonly error?: string;
  }[];
  readonly npmPackages?: Readonly<Record<string, unknown>>;
}

/** The provider in the file at `url`: granted what it asks for, since it is the user's own. */
export async function filePlugin(
  url: string,
  { env = () => undefined, clock = systemClock, limits }: FilePluginOptions,
): Promise<ModelProvider> {
  const source = await fileSource(url, env);
  const { name, asks } = await readAsks(source, {
    clock,
    env,
    log() {},
    signal: new AbortController().signal,
    ...limits && { limits },
  });
  return pluginProvider({
    name,
    grant: asks,
    clock,
    env,
    ...limits && { limits },
    source: () => Promise.resolve(source),
  });
}

/** The modules of a user's own file: they can be read, and no other file. */
export async function fileSource(
  url: string,
  env: (name: string) => string | undefined,
): Promise<SandboxSource> {
  const configPath = await nearestConfig(dirname(fromFileUrl(url)));
  const { modules, npmPackages = {} } = await graphOf(url, configPath);
  const files = modules.map(({ specifier }) => specifier).filter((at) => at.startsWith("file:"));
  const remote = modules.map(({ specifier }) => specifier).filter((at) => /^https?:/.test(at));
  return {
    url,
    cacheDir: env("DENO_DIR") ?? await denoDirOf(),
    lockPath: undefined,
    configPath,
    importHosts: [...new Set(remote.map((at) => new URL(at).host))],
    readable: files.map((at) => fromFileUrl(at)),
    hasNpm: Object.keys(npmPackages).length > 0,
  };
}

async function graphOf(url: string, configPath: string | undefined): Promise<Graph> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "info",
      "--json",
      "--no-lock",
      ...configPath === undefined ? ["--no-config"] : [`--config=${configPath}`],
      url,
    ],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw notRead(url, withoutAnsi(decoder.decode(stderr)));
  const graph: Graph = JSON.parse(decoder.decode(stdout));
  const failed = graph.modules.find(({ error }) => error !== undefined);
  if (failed?.error !== undefined) throw notRead(url, failed.error);
  return graph;
}

function notRead(url: string, why: string): DotevalsError {
  return new DotevalsError(`The modules of ${url} could not be read: ${why.trim()}`, {
    code: "provider-not-loaded",
    hint: "Mend the import that is named; `deno check` of the file shows it too.",
    exitCode: 3,
  });
}

/** The `deno.json` that a file's imports are resolved by. */
async function nearestConfig(folder: string): Promise<string | undefined> {
  for (const name of ["deno.json", "deno.jsonc"]) {
    const path = join(folder, name);
    const found = await Deno.stat(path).then(({ isFile }) => isFile, () => false);
    if (found) return path;
  }
  const above = dirname(folder);
  return above === folder ? undefined : await nearestConfig(above);
}

/** Where this Deno keeps modules; the child's environment says nothing of it. */
async function denoDirOf(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    stdin: "null",
    stderr: "null",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}
