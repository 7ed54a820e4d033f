/**
 * A model whose provider runs in a sandbox, and is started again when it dies.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";
import type { CallOptions, Model, PricedAs } from "../model.ts";
import { ProviderCrashError } from "../model_error.ts";
import { type EndpointLoad, type ModelHandle, modelHandle } from "../provider.ts";
import { checkExported, type Exported } from "./exported.ts";
import { PluginProcess, type PluginProcessOptions } from "./plugin_process.ts";
import type { RequestName } from "./wire.ts";

/** What a sandboxed model is made from. */
export interface SandboxedModelOptions extends PluginProcessOptions {
  /** The model that the provider's `setup` gets. */
  readonly spec: string;
  /** The options that the user gave; the child validates them. */
  readonly options: unknown;
  /** Refuses what the plugin exports, before it is set up. */
  readonly check: (exported: Exported) => void;
}

/** Milliseconds that a process gets to end by itself after its teardown. */
const EXIT_PATIENCE_MS = 1000;

interface SetUp {
  readonly resourceId: string;
  readonly pricedAs: PricedAs | undefined;
  readonly limitedAs: string | undefined;
  readonly can: (name: string) => boolean;
}

/** Starts the plugin's process and sets the model up in it. */
export async function sandboxedModel(
  options: SandboxedModelOptions,
  signal: AbortSignal,
): Promise<ModelHandle> {
  const keeper = new Keeper(options);
  const { resourceId, pricedAs, limitedAs, can } = await keeper.setUp(signal);
  const call = <Answer>(name: RequestName, input: unknown, given: CallOptions = {}) =>
    keeper.call(name, input, given.signal) as Promise<Answer>;
  const model: Model = {
    generate: (request, given) => call("generate", request, given),
    ...can("embed") && { embed: (texts, given) => call("embed", texts, given) },
    ...can("generateBatch") && {
      generateBatch: (requests, given) => call("generateBatch", requests, given),
    },
  };
  return modelHandle(resourceId, model, {
    teardown: () => keeper.tearDown(),
    ...pricedAs && { pricedAs },
    ...limitedAs !== undefined && { limitedAs },
    ...can("load") && { load: (given) => call<EndpointLoad>("load", null, given) },
  });
}

/** Keeps a process with the model set up, for as long as the model is wanted. */
class Keeper {
  readonly #options: SandboxedModelOptions;
  #process: PluginProcess | undefined;
  #starting: Promise<PluginProcess> | undefined;
  readonly #stop = new AbortController();
  #crashes = 0;

  constructor(options: SandboxedModelOptions) {
    this.#options = options;
  }

  async setUp(signal: AbortSignal): Promise<SetUp> {
    const { process, setUp } = await this.#begin(signal);
    this.#process = process;
    return setUp;
  }

  async call(name: RequestName, input: unknown, signal: AbortSignal | undefined) {
    const process = await this.#standing(signal);
    const answer = await process.ask(name, input, signal);
    this.#crashes = 0;
    return answer;
  }

  /** Ends what is set up where its process still stands, and the process in any case. */
  async tearDown(): Promise<void> {
    this.#stop.abort(new Error("The model is torn down."));
    await this.#starting?.catch(() => {});
    const process = this.#process;
    if (!process || process.isOver) return await process?.ended;
    await this.#end(process);
  }

  /** Has the plugin end what it set up, in its time, and then its process. */
  async #end(process: PluginProcess): Promise<void> {
    const { clock, limits } = this.#options;
    const stop = clock.after(
      limits.teardownMs,
      () => process.end(`its teardown took more than ${limits.teardownMs / 1000} s`),
    );
    try {
      await process.ask("teardown", null);
    } finally {
      stop();
      await process.close(EXIT_PATIENCE_MS);
    }
  }

  /** The process that calls go to: the one there is, or a new one after it died. */
  async #standing(signal: AbortSignal | undefined): Promise<PluginProcess> {
    if (this.#stop.signal.aborted) throw this.#stop.signal.reason;
    if (this.#process && !this.#process.isOver) return this.#process;
    this.#starting ??= this.#restart().finally(() => this.#starting = undefined);
    return await untilAborted(this.#starting, signal);
  }

  async #restart(): Promise<PluginProcess> {
    const { limits, name, log } = this.#options;
    await this.#process?.ended;
    if (++this.#crashes > limits.crashes) {
      throw new Error(
        `The process of ${name} has ended ${limits.crashes} times in a row; it is not started again.`,
      );
    }
    log("warn", `${name}: its process ended; it is started again.`);
    try {
      const { process } = await this.#begin(this.#stop.signal);
      return this.#process = process;
    } catch (cause) {
      if (cause instanceof ProviderCrashError) throw cause;
      throw new ProviderCrashError(
        `The process of ${name} could not be started again: ${messageOf(cause)}`,
        { cause },
      );
    }
  }

  async #begin(signal: AbortSignal): Promise<{ process: PluginProcess; setUp: SetUp }> {
    const { check, spec, options, grant } = this.#options;
    const { process, exported } = await PluginProcess.start(this.#options, signal);
    try {
      check(checkExported(exported));
      const said = await process.ask("setup", { spec, options, env: grant.env }, signal);
      return { process, setUp: toSetUp(said) };
    } catch (error) {
      // What a setup began before it was given up is taken back, if that can be done.
      await this.#end(process).catch(() => {});
      throw error;
    }
  }
}

/** Checks what the child says of the handle, in the words that a provider in process gets. */
function toSetUp(said: unknown): SetUp {
  const fields = said as Readonly<Record<string, unknown>>;
  const wrong = (what: string) =>
    new TypeError(`its setup returned ${what}; return modelHandle(id, model)`);
  if (typeof fields.resourceId !== "string") throw wrong('a handle whose "resourceId" is no text');
  if (fields.generate !== "function") throw wrong('a model without a function "generate"');
  if (fields.teardown !== "function") throw wrong('a handle without a function "teardown"');
  const { resourceId, pricedAs, limitedAs } = fields;
  return {
    resourceId,
    pricedAs: typeof pricedAs === "object" && pricedAs !== null ? pricedAs as PricedAs : undefined,
    limitedAs: typeof limitedAs === "string" ? limitedAs : undefined,
    can: (name) => fields[name] === "function",
  };
}

/** What a promise resolves to, or the signal's reason as soon as it aborts. */
async function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (!signal) return await promise;
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
