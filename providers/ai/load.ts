/**
 * From a spec and its options to a provider of the AI SDK.
 *
 * @module
 */
import type { EmbeddingModel, LanguageModel } from "ai";
import { DotevalsError } from "../../src/errors.ts";
import type { PricedAs } from "../../src/providers/model.ts";
import type { AIConfig } from "./config.ts";
import { PACKAGES, type ProviderPackage } from "./packages.ts";

/** A model of the AI SDK, not by its name. */
export type Language = Exclude<LanguageModel, string>;
/** An embedding model of the AI SDK, not by its name. */
export type Embedding = Exclude<EmbeddingModel, string>;

/** The models that a spec stands for. */
export interface LoadedModels {
  readonly language: Language;
  /** Absent where the provider embeds nothing. */
  readonly embedding?: Embedding | undefined;
  /** What calls are priced as, where the provider and its endpoint are known. */
  readonly pricedAs?: PricedAs | undefined;
}

/** What the packages' factories make, as far as it is used. */
interface Provider {
  readonly languageModel: (id: string) => Language;
  readonly embeddingModel?: (id: string) => Embedding;
}

/** What {@linkcode loadModels} needs beside the options. */
export interface LoadOptions {
  readonly config: AIConfig;
  readonly env: (name: string) => string | undefined;
  /** Loads a package. */
  readonly load?: (specifier: string) => Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Loads the package of `PROVIDER/MODEL` and makes its models.
 *
 * @throws {DotevalsError} `unknown-provider`, `no-key`, or `package-not-loaded`, which names it
 */
export async function loadModels(
  spec: string,
  { config, env, load = (specifier) => import(specifier) }: LoadOptions,
): Promise<LoadedModels> {
  const slash = spec.indexOf("/");
  const name = spec.slice(0, Math.max(slash, 0));
  const id = spec.slice(slash + 1);
  if (name === "" || id === "") throw new Error(`"${spec}" is no PROVIDER/MODEL`);
  const known = packageOf(name, config);
  const settings = settingsOf(known, { config, env });
  const exports = await loaded(known.specifier, load);
  const provider = factoryOf(exports, { known, config })(settings);
  return {
    language: provider.languageModel(id),
    embedding: embeddingOf(provider, id),
    ...known.priceId && config.baseUrl === undefined && config.package === undefined && {
      pricedAs: { provider: known.priceId, model: id },
    },
  };
}

function packageOf(name: string, config: AIConfig): ProviderPackage {
  const known = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
  if (config.package === undefined) {
    if (known !== undefined) return known;
    throw new DotevalsError(`the AI SDK's provider "${name}" is not known here`, {
      code: "unknown-provider",
      hint: `There are ${Object.keys(PACKAGES).join(", ")}; any other is used by its package: ` +
        `the option package, such as npm:@ai-sdk/${name}, and apiKeyVariable for its key.`,
      exitCode: 3,
    });
  }
  return { ...known, specifier: config.package, factory: config.factory ?? known?.factory ?? "" };
}

/** The settings for the factory: none is left for the package to find by itself. */
function settingsOf(
  { variables = {}, optional = [], baseUrl, settings }: ProviderPackage,
  { config, env }: Pick<LoadOptions, "config" | "env">,
): Readonly<Record<string, unknown>> {
  const given: Record<string, unknown> = { ...settings, ...config.settings };
  for (const [setting, variable] of Object.entries(variables)) {
    if (config.apiKeyVariable !== undefined && setting !== "region") continue;
    if (given[setting] !== undefined && setting === "region") continue;
    const value = env(variable);
    if (value) given[setting] = value;
    else if (!optional.includes(setting)) throw noKey(variable);
  }
  if (config.apiKeyVariable !== undefined) {
    given.apiKey = env(config.apiKeyVariable) || raise(noKey(config.apiKeyVariable));
  }
  const url = config.baseUrl ?? baseUrl?.(given);
  return url === undefined ? given : { ...given, baseURL: url };
}

async function loaded(
  specifier: string,
  load: NonNullable<LoadOptions["load"]>,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await load(specifier);
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw new DotevalsError(`the package ${specifier} could not be loaded: ${reason}`, {
      code: "package-not-loaded",
      hint:
        "It is downloaded when it is first used. Where nothing may be downloaded, do so before: " +
        `deno cache ${specifier}`,
      exitCode: 3,
      cause,
    });
  }
}

function factoryOf(
  exports: Readonly<Record<string, unknown>>,
  { known, config }: { readonly known: ProviderPackage; readonly config: AIConfig },
): (settings: Readonly<Record<string, unknown>>) => Provider {
  const names = Object.keys(exports).filter((name) => /^create[A-Z]/.test(name));
  const name = known.factory === "" && names.length === 1 ? names[0] ?? "" : known.factory;
  const factory = exports[name];
  if (typeof factory === "function") return factory as ReturnType<typeof factoryOf>;
  throw new DotevalsError(
    `the package ${known.specifier} has ${name === "" ? "not one" : `no ${name}, a`} function ` +
      "that makes its provider",
    {
      code: "package-not-loaded",
      hint: names.length > 0
        ? `Name one with the option factory: ${names.join(", ")}.`
        : `${config.package ?? known.specifier} must be a provider package of the AI SDK.`,
      exitCode: 3,
    },
  );
}

/** A provider without embeddings has no such function, or one that throws. */
function embeddingOf(provider: Provider, id: string): Embedding | undefined {
  try {
    return provider.embeddingModel?.(id);
  } catch {
    return undefined;
  }
}

function noKey(variable: string): DotevalsError {
  return new DotevalsError(`the environment variable ${variable} is not set`, {
    code: "no-key",
    hint: `Set ${variable}, or name another variable for the key with the option apiKeyVariable.`,
    exitCode: 3,
  });
}

function raise(error: Error): never {
  throw error;
}
