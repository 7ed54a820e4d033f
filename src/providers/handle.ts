/**
 * What a provider's `setup` returned, as a model handle.
 *
 * @module
 */
import type { Model, PricedAs } from "./model.ts";
import { type ModelHandle, modelHandle, type ModelHandleOptions } from "./provider.ts";

/**
 * A handle whose teardown runs once, whatever the provider's own does: a provider may return a plain
 * object `{ resourceId, model, teardown }`.
 *
 * @throws {TypeError} naming the part that is not as it must be
 */
export function toHandle(returned: unknown): ModelHandle {
  if (!isRecord(returned)) throw wrong("no model handle");
  const { resourceId, model, load, pricedAs, limitedAs } = returned;
  if (typeof resourceId !== "string") throw wrong('a handle whose "resourceId" is no text');
  if (!isRecord(model)) throw wrong('a handle without a "model"');
  if (typeof model.generate !== "function") throw wrong('a model without a function "generate"');
  for (const name of ["embed", "generateBatch"]) {
    const can = model[name];
    if (can !== undefined && typeof can !== "function") {
      throw wrong(`a model whose "${name}" is no function`);
    }
  }
  if (load !== undefined && typeof load !== "function") {
    throw wrong('a handle whose "load" is no function');
  }
  const end = returned.teardown ?? Reflect.get(returned, Symbol.asyncDispose);
  if (typeof end !== "function") throw wrong('a handle without a function "teardown"');
  return modelHandle(resourceId, model as unknown as Model, {
    teardown: () => end.call(returned),
    ...load !== undefined &&
      { load: load.bind(returned) as NonNullable<ModelHandleOptions["load"]> },
    ...isRecord(pricedAs) && { pricedAs: pricedAs as PricedAs },
    ...typeof limitedAs === "string" && { limitedAs },
  });
}

function wrong(what: string): TypeError {
  return new TypeError(`its setup returned ${what}; return modelHandle(id, model)`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
