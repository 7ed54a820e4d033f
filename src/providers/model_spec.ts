/**
 * Which model, by which provider, with which options.
 *
 * @module
 */

/** The brand of what {@linkcode model} makes. */
export const MODEL_SPEC: unique symbol = Symbol.for("dotevals.model");

/** The value of one option of a model, as the command line or code gives it. */
export type ModelOption = string | number | boolean | null | readonly ModelOption[] | {
  readonly [name: string]: ModelOption;
};

/** Which model, with which options; made by {@linkcode model}. */
export interface ModelSpec {
  /** The protocol's version. */
  readonly [MODEL_SPEC]: 1;
  /** `provider:model`, a path or a URL. */
  readonly spec: string;
  /** What results call it; the spec itself where nothing else was said. */
  readonly name: string;
  /** The options that its provider gets. */
  readonly options: Readonly<Record<string, ModelOption>>;
}

/**
 * Names a model in code, with the options that its provider takes.
 *
 * `name` is what results and `--model-option` call it; the spec itself by default.
 *
 * @example
 * ```ts
 * import { model } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const local = model("openai:qwen", { name: "local", baseUrl: "http://127.0.0.1:8000/v1" });
 * assertEquals(local.name, "local");
 * ```
 */
export function model(
  spec: string,
  options: Readonly<Record<string, ModelOption>> & { readonly name?: string } = {},
): ModelSpec {
  const { name, ...rest } = options;
  return { [MODEL_SPEC]: 1, spec, name: name ?? spec, options: rest };
}

/** The models that one, or several, of them name; none where nothing is given. */
export function modelSpecs(
  given: string | ModelSpec | readonly (string | ModelSpec)[] | undefined,
): readonly ModelSpec[] {
  if (given === undefined) return [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return list.map((entry) => {
    if (typeof entry === "string") return model(entry);
    if (isModelSpec(entry)) return entry;
    throw new TypeError(`A model is of type ${typeof entry}; it must be a text or model(…).`);
  });
}

/** Whether `value` was made by {@linkcode model}, of this copy or another. */
function isModelSpec(value: unknown): value is ModelSpec {
  return typeof value === "object" && value !== null && MODEL_SPEC in value;
}
