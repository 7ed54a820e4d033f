/**
 * From a model spec to the provider that it names.
 *
 * @module
 */
import { resolve } from "@std/path/resolve";
import { toFileUrl } from "@std/path/to-file-url";
import { DotevalsError, messageOf } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { BUILTIN_PROVIDERS } from "./builtin_providers.ts";
import { isPluginSpec, parsePluginSpec } from "./lock/plugin_spec.ts";
import { type ModelProvider, PROVIDER, PROVIDER_PROTOCOL } from "./provider.ts";
import type { SandboxLimits } from "./sandbox/limits.ts";

/** Not literals: what runs plugins would be loaded at the start of every run, and few have any. */
const LOCKED = "./lock/locked_provider.ts";
const FILE_PLUGIN = "./sandbox/file_plugin.ts";

const builtinProviders: readonly string[] = BUILTIN_PROVIDERS.map(({ name }) => name);

/** A provider, and the part of the spec that is for it. */
export interface LoadedProvider {
  readonly provider: ModelProvider;
  /** What the provider's `setup` gets. */
  readonly model: string;
}

/** Options of {@linkcode loadProvider}. */
export interface LoadProviderOptions {
  /**
   * The folder that relative paths start from.
   *
   * @default {Deno.cwd()}
   */
  readonly cwd?: string;
  /** Where a plugin's process finds registries and proxies; its grants come from its setup. */
  readonly env?: (name: string) => string | undefined;
  /**
   * Runs a file's provider in a sandbox as well, with what it asks for and nothing else.
   *
   * @default {false}
   */
  readonly sandbox?: boolean;
  /**
   * What to write in a shell to run the command, for messages that say what to type.
   *
   * @default {"deno run -A jsr:@dotevals/cli"}
   */
  readonly program?: string;
  /** What a plugin may use up. */
  readonly limits?: SandboxLimits;
}

/**
 * Loads the provider that a spec names: `NAME:MODEL`, a path, `./my_provider.ts#MODEL`, or a URL,
 * `https://host/provider.ts#MODEL`, whose provider runs in a sandbox.
 *
 * @throws {DotevalsError} `unknown-provider`, `provider-not-loaded` for a file that is none, or
 * `provider-not-granted` for a URL that is not in the lock file
 */
export async function loadProvider(
  spec: string,
  options: LoadProviderOptions = {},
): Promise<LoadedProvider> {
  if (/^(\.{0,2}\/|file:)/.test(spec)) return await fromFile(spec, options);
  if (isPluginSpec(spec)) {
    const { url, model } = parsePluginSpec(spec);
    const { cwd = Deno.cwd(), env = () => undefined } = options;
    const { lockedProvider }: typeof import("./lock/locked_provider.ts") = await import(LOCKED);
    return { provider: await lockedProvider(url, { ...options, cwd, env }), model };
  }
  const colon = spec.indexOf(":");
  const name = colon === -1 ? spec : spec.slice(0, colon);
  if (!builtinProviders.includes(name)) throw unknownProvider(spec, name, colon !== -1);
  if (colon === -1) {
    throw new DotevalsError(`The model "${spec}" has no colon behind its provider's name.`, {
      code: "unknown-provider",
      hint: `Write ${name}:MODEL; ${name}: where the provider has one model only.`,
    });
  }
  const file = name.replaceAll("-", "_");
  const provider = await importProvider(`../../providers/${file}.ts`, spec);
  return { provider, model: spec.slice(colon + 1) };
}

async function fromFile(
  spec: string,
  { cwd = Deno.cwd(), ...options }: LoadProviderOptions,
): Promise<LoadedProvider> {
  const hash = spec.indexOf("#");
  const path = hash === -1 ? spec : spec.slice(0, hash);
  const url = path.startsWith("file:") ? new URL(path) : toFileUrl(resolve(cwd, path));
  const provider = options.sandbox
    ? await sandboxed(url, options)
    : await importProvider(url.href, spec);
  return { provider, model: hash === -1 ? "" : spec.slice(hash + 1) };
}

async function sandboxed(url: URL, options: LoadProviderOptions): Promise<ModelProvider> {
  const { filePlugin }: typeof import("./sandbox/file_plugin.ts") = await import(FILE_PLUGIN);
  return await filePlugin(url.href, options);
}

async function importProvider(specifier: string, spec: string): Promise<ModelProvider> {
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(specifier);
  } catch (cause) {
    const reason = messageOf(cause).replace(/\.$/, "");
    if (!reason.startsWith("Module not found")) throw notLoaded(spec, reason, { cause });
    throw notLoaded(spec, reason, {
      cause,
      hint: "A relative path starts at the current directory; the model's name stands behind a #.",
    });
  }
  if (exports.default === undefined) throw notLoaded(spec, "it has no default export");
  return toProvider(exports.default, spec);
}

/** Checks what a file exports as its provider. */
function toProvider(value: unknown, spec: string): ModelProvider {
  const protocol = typeof value === "object" && value !== null && PROVIDER in value
    ? value[PROVIDER]
    : undefined;
  if (protocol === PROVIDER_PROTOCOL) {
    const wrong = wrongPart(value as Readonly<Record<string, unknown>>);
    if (wrong === undefined) return value as ModelProvider;
    throw notLoaded(spec, `its provider's ${wrong}`, { hint: SHAPE });
  }
  if (typeof protocol === "number" && protocol > PROVIDER_PROTOCOL) {
    throw notLoaded(
      spec,
      `it speaks version ${protocol} of the provider protocol, this dotevals version ` +
        `${PROVIDER_PROTOCOL}`,
      { hint: "Run a newer dotevals." },
    );
  }
  throw notLoaded(spec, "its default export is no provider");
}

const SHAPE =
  "A provider is { name, permissions, setup }, and may have a config; see docs/models.md.";

/** What of a provider is not as it must be: it may be a plain object, written without types. */
function wrongPart(
  { name, permissions, config, setup }: Readonly<Record<string, unknown>>,
): string | undefined {
  if (typeof name !== "string" || name === "") return "name is no text";
  if (typeof permissions !== "object" || permissions === null) {
    return "permissions are no object; write permissions: {} where it needs none";
  }
  for (const kind of ["net", "env", "run"]) {
    const names: unknown = Reflect.get(permissions, kind);
    const isList = Array.isArray(names) && names.every((each) => typeof each === "string");
    if (names !== undefined && !isList) return `permissions.${kind} is no list of texts`;
  }
  if (typeof setup !== "function") return "setup is no function";
  const standard: unknown = isRecord(config) ? config["~standard"] : undefined;
  if (config !== undefined && !(isRecord(standard) && typeof standard.validate === "function")) {
    return 'config is no Standard Schema: it has no "~standard".validate';
  }
  return undefined;
}

/** Schemas may be functions. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function notLoaded(
  spec: string,
  reason: string,
  options: { readonly cause?: unknown; readonly hint?: string } = {},
): DotevalsError {
  return new DotevalsError(`The provider of the model "${spec}" could not be loaded: ${reason}.`, {
    code: "provider-not-loaded",
    hint: options.hint ?? "Its file must `export default defineProvider({ … })`.",
    exitCode: 3,
    cause: options.cause,
  });
}

function unknownProvider(spec: string, name: string, hasColon: boolean): DotevalsError {
  const there = builtinProviders.map((provider) => `${provider}:`).join(", ");
  const meant = nearest(name, builtinProviders);
  const form = hasColon
    ? meant && `Did you mean ${meant}:${spec.slice(name.length + 1)}? `
    : `A model is PROVIDER:MODEL, such as openai:${spec}. `;
  const hint = `${form ?? ""}There are ${there} and paths (./my_provider.ts#MODEL).`;
  return new DotevalsError(`There is no provider named "${name}" (of the model "${spec}").`, {
    code: "unknown-provider",
    hint,
  });
}
