/**
 * Variants: the bindings of parameters, the model among them, that an evaluation runs under.
 *
 * @module
 */
import type { Evaluation } from "../evaluation/evaluation.ts";
import { type ModelSpec, modelSpecs } from "../providers/model_spec.ts";
import { encode } from "../values/tagged.ts";

/** One binding of an evaluation's parameters. */
export interface Variant {
  /** What it runs with; `undefined` where a fixture stands in or none is needed. */
  readonly model: ModelSpec | undefined;
  /** The parameters that the function gets. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Parameters and the model's name under `model`; identifies the variant. */
  readonly bindings: Readonly<Record<string, unknown>>;
  /** The bindings encoded, keys in order; `{}` without any. */
  readonly encoded: string;
}

/**
 * The variants of an evaluation: each model with each binding of its parameters.
 *
 * @throws {TypeError} if two variants are the same, or a parameter has no values
 * @throws {EncodingError} if a parameter's value has no stored form, such as a function
 * @param models take the place of the evaluation's own; none leaves them as they are
 */
export function variantsOf(
  evaluation: Evaluation,
  models: readonly ModelSpec[] = [],
): readonly Variant[] {
  const specs = modelsOf(evaluation, models);
  const bound = specs.length > 0 ? specs : [undefined];
  const variants = bound.flatMap((spec) =>
    bindingsOf(evaluation.options.params ?? {}).map((params) => variantOf(spec, params))
  );
  const seen = new Set<string>();
  for (const { encoded } of variants) {
    if (seen.has(encoded)) throw new TypeError(`Two of its variants are the same: ${encoded}.`);
    seen.add(encoded);
  }
  return variants;
}

/**
 * The models that an evaluation runs with.
 *
 * @throws {TypeError} if it names one by what is no name
 * @param models take the place of the evaluation's own; none leaves them as they are
 */
export function modelsOf(
  { options }: Evaluation,
  models: readonly ModelSpec[] = [],
): readonly ModelSpec[] {
  // A fixture called `model` takes the place of every model.
  if ("model" in (options.fixtures ?? {})) return [];
  return models.length > 0 ? models : modelSpecs(options.model);
}

function variantOf(
  spec: ModelSpec | undefined,
  params: Readonly<Record<string, unknown>>,
): Variant {
  if (spec && "model" in params) {
    throw new TypeError('A parameter cannot be called "model" where there is a model: rename it.');
  }
  const bindings = spec ? { model: spec.name, ...params } : params;
  return { model: spec, params, bindings, encoded: encodeBindings(bindings) };
}

/** All combinations of a record of lists; a list of bindings is what it is. */
function bindingsOf(
  space:
    | Readonly<Record<string, readonly unknown[]>>
    | readonly Readonly<Record<string, unknown>>[],
): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(space)) return space.length > 0 ? space : [{}];
  let bindings: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries(space)) {
    if (!Array.isArray(values) || values.length === 0) {
      throw new TypeError(`The parameter "${name}" must be a list of at least one value.`);
    }
    bindings = bindings.flatMap((binding) =>
      values.map((value) => ({ ...binding, [name]: value }))
    );
  }
  return bindings;
}

function encodeBindings(bindings: Readonly<Record<string, unknown>>): string {
  const ordered = Object.entries(bindings).toSorted(([a], [b]) => a < b ? -1 : 1);
  return encode(Object.fromEntries(ordered), "params");
}
