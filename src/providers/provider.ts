/**
 * The protocol between dotevals and whatever makes a model available.
 *
 * @module
 */
import type { CallOptions, Model, PricedAs } from "./model.ts";

/** The brand that makes a plain object a provider; its value is the protocol's version. */
export const PROVIDER: unique symbol = Symbol.for("dotevals.provider");

/** The version of the provider protocol that this library speaks. */
export const PROVIDER_PROTOCOL = 1;

/** What a provider needs of the machine: it gets nothing else when it runs in a sandbox. */
export interface ProviderPermissions {
  /** Hosts, with a port where it is not 443: `["api.openai.com"]`. */
  readonly net?: readonly string[];
  /** Names of environment variables. */
  readonly env?: readonly string[];
  /** Executables that it starts; only built-in providers and files of your own may. */
  readonly run?: readonly string[];
}

/** The part of Standard Schema v1 (zod, valibot, arktype, …) that providers' configs use. */
export interface ConfigSchema<Config> {
  /** Standard Schema's one property. */
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Config> | Promise<SchemaResult<Config>>;
    readonly types?: { readonly input: unknown; readonly output: Config } | undefined;
  };
}

/** What a Standard Schema makes of a value: the output, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  /** What is wrong. */
  readonly message: string;
  /** Where, from the outside in. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** How much a line of the session log matters. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a provider gets at setup beside its spec. */
export interface SetupContext<Config = unknown> {
  /** The options that the user gave, validated. */
  readonly config: Config;
  /** The environment variables named in `permissions.env` or by an option; nothing else. */
  readonly env: (name: string) => string | undefined;
  /** Aborted when the session stops while the model is still being set up. */
  readonly signal: AbortSignal;
  /** Writes a line to the session log; `info` is also shown until the model's first item is there. */
  readonly log: (level: LogLevel, message: string) => void;
}

/** How much an endpoint has to do, as it says itself. */
export interface EndpointLoad {
  /** Requests that it works on. */
  readonly running: number;
  /** Requests that wait for their turn at the endpoint. */
  readonly waiting: number;
  /** How much of its cache (vLLM's KV cache) is in use, from 0 to 1. */
  readonly cacheUse?: number;
}

/** A model that is set up: what runs, the model, and how to end it. */
export interface ModelHandle extends AsyncDisposable {
  /** Names what was set up: an endpoint's URL, a container's id. */
  readonly resourceId: string;
  /** The model. */
  readonly model: Model;
  /** What its calls are priced as; without it their cost is not known. */
  readonly pricedAs?: PricedAs;
  /**
   * What its calls count against: models that name the same one share its limits.
   *
   * @default {resourceId}
   */
  readonly limitedAs?: string;
  /** Asks the endpoint how much it has to do, where it can say so; the scheduler goes by it. */
  load?(options?: CallOptions): Promise<EndpointLoad>;
  /** Ends what was set up; a second call does nothing. */
  teardown(): Promise<void>;
}

/** A plugin that sets models up. */
export interface ModelProvider<Config = unknown> {
  /** The protocol's version. */
  readonly [PROVIDER]: typeof PROVIDER_PROTOCOL;
  /** The name before the colon of a model spec. */
  readonly name: string;
  /** What it needs of the machine. */
  readonly permissions: ProviderPermissions;
  /** Checks the options; without it a provider takes none. */
  readonly config?: ConfigSchema<Config>;
  /** Sets up the model that `spec`, the part behind the provider's name, stands for. */
  readonly setup: (spec: string, context: SetupContext<Config>) => Promise<ModelHandle>;
}

/** What {@linkcode defineProvider} takes. */
export type ProviderDefinition<Config> = Omit<ModelProvider<Config>, typeof PROVIDER>;

/**
 * Makes a model provider: adds the brand, and the types.
 *
 * @example
 * ```ts
 * import { defineProvider, modelHandle } from "@dotevals/core";
 *
 * export default defineProvider({
 *   name: "shout",
 *   permissions: {},
 *   setup: (spec) =>
 *     Promise.resolve(modelHandle(`shout:${spec}`, {
 *       generate: (request) => Promise.resolve({ text: String(request).toUpperCase() }),
 *     })),
 * });
 * ```
 */
export function defineProvider<Config = Record<string, never>>(
  definition: ProviderDefinition<Config>,
): ModelProvider<Config> {
  return { ...definition, [PROVIDER]: PROVIDER_PROTOCOL };
}

/** What else a handle that {@linkcode modelHandle} makes can do. */
export interface ModelHandleOptions {
  /** Ends what was set up; called once at most. */
  readonly teardown?: () => void | Promise<void>;
  /** Asks the endpoint how much it has to do. */
  readonly load?: (options?: CallOptions) => Promise<EndpointLoad>;
  /** What its calls are priced as. */
  readonly pricedAs?: PricedAs;
  /** What its calls count against, where that is more, or less, than the resource's id. */
  readonly limitedAs?: string;
}

/**
 * Makes a model handle whose `teardown` runs once, however often it is called.
 *
 * @example
 * ```ts
 * import { modelHandle } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * let ended = 0;
 * const model = { generate: () => Promise.resolve({ text: "4" }) };
 * const handle = modelHandle("server-1", model, { teardown: () => void ended++ });
 * await handle.teardown();
 * await handle.teardown();
 * assertEquals(ended, 1);
 * ```
 */
export function modelHandle(
  resourceId: string,
  model: Model,
  options: ModelHandleOptions = {},
): ModelHandle {
  const { teardown = () => {}, load, pricedAs, limitedAs } = options;
  let ended: Promise<void> | undefined;
  const once = () => ended ??= Promise.resolve().then(teardown);
  return {
    resourceId,
    model,
    ...load && { load },
    ...pricedAs && { pricedAs },
    ...limitedAs !== undefined && { limitedAs },
    teardown: once,
    [Symbol.asyncDispose]: once,
  };
}
