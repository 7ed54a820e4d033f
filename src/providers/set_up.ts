/**
 * From a model spec to a model that is set up.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import type { ModelSpec } from "./model_spec.ts";
import type {
  ConfigSchema,
  ModelHandle,
  ModelProvider,
  SchemaIssue,
  SetupContext,
} from "./provider.ts";
import { toHandle } from "./handle.ts";
import { OptionIssues } from "./sandbox/wire_error.ts";
import { variablesNamedBy } from "./named_variables.ts";
import { loadProvider, type LoadProviderOptions } from "./registry.ts";

const SECRET = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i;

/** What {@linkcode setUpModel} needs of its surroundings. */
export interface SetUpOptions extends LoadProviderOptions {
  /** Aborted when the session stops while the model is still being set up. */
  readonly signal: AbortSignal;
  /** Where the provider's lines go. */
  readonly log: SetupContext["log"];
  /** The environment; the provider sees the variables only that it was granted. */
  readonly env: (name: string) => string | undefined;
  /** Told each secret that the provider read from the environment. */
  readonly onSecret?: (value: string) => void;
}

/**
 * Sets a model up: loads its provider, checks its options, and hands it the environment
 * variables that it asks for or that an option ending in `Variable` names, or one in
 * `Variables`, which holds several.
 *
 * @throws {DotevalsError} `unknown-provider` or `invalid-model-option` (exit 2), or
 * `model-not-set-up` (exit 3), which names the model and why
 */
export async function setUpModel(spec: ModelSpec, options: SetUpOptions): Promise<ModelHandle> {
  const { provider, model } = await loadProvider(spec.spec, options);
  const context = await setupContext(provider, spec, options);
  try {
    return toHandle(await provider.setup(model, context));
  } catch (cause) {
    if (options.signal.aborted) throw options.signal.reason;
    if (cause instanceof OptionIssues) throw invalid(spec, cause.issues);
    throw new DotevalsError(
      `The model ${titleOf(spec)} could not be set up: ${sentence(messageOf(cause))}`,
      { code: "model-not-set-up", hint: hintOf(cause), exitCode: 3, cause },
    );
  }
}

/**
 * What a provider's `setup` gets: the options, checked, and the environment as far as it was granted.
 *
 * @throws {DotevalsError} `invalid-model-option`
 */
export async function setupContext(
  provider: ModelProvider,
  spec: ModelSpec,
  options: Pick<SetUpOptions, "signal" | "log" | "env" | "onSecret">,
): Promise<SetupContext> {
  const config = await checkedConfig(provider, spec);
  const { signal, log } = options;
  return { config, env: grantedEnv(provider, spec, options), signal, log };
}

async function checkedConfig(provider: ModelProvider, spec: ModelSpec): Promise<unknown> {
  const schema: ConfigSchema<unknown> | undefined = provider.config;
  if (schema === undefined) {
    const [first] = Object.keys(spec.options);
    if (first === undefined) return {};
    throw invalid(spec, [{ message: "the provider takes no options", path: [first] }]);
  }
  const checked = await schema["~standard"].validate(spec.options);
  if (checked.issues) throw invalid(spec, checked.issues);
  return checked.value;
}

function invalid(spec: ModelSpec, issues: readonly SchemaIssue[]): DotevalsError {
  const lines = issues.map((issue) => {
    const path = issue.path?.map((part) => String(typeof part === "object" ? part.key : part));
    return `${path ? `"${path.join(".")}": ` : ""}${issue.message}`;
  });
  return new DotevalsError(`The model ${titleOf(spec)} has a wrong option: ${lines.join("; ")}.`, {
    code: "invalid-model-option",
    hint: `Options are given as --model-option ${spec.name}.NAME=VALUE, in code as ` +
      `model("${spec.spec}", { NAME: VALUE }).`,
  });
}

function grantedEnv(
  provider: ModelProvider,
  spec: ModelSpec,
  { env, onSecret }: Pick<SetUpOptions, "env" | "onSecret">,
): (name: string) => string | undefined {
  const named = new Set(variablesNamedBy(spec.options));
  return (name) => {
    const asked = provider.permissions.env?.includes(name) ?? false;
    const value = asked || named.has(name) ? env(name) : undefined;
    if (value && (named.has(name) || SECRET.test(name))) onSecret?.(value);
    return value;
  };
}

function titleOf({ name, spec }: ModelSpec): string {
  return name === spec ? `"${spec}"` : `"${name}" (${spec})`;
}

/** A provider may have been built against another copy, so its hint is found by shape. */
function hintOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("hint" in error)) return undefined;
  return typeof error.hint === "string" ? error.hint : undefined;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
