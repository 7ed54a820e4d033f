/**
 * The item that is running, found by whatever code it calls.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Model, PricedAs } from "../providers/model.ts";

/** Where all copies of this library in a process find the item that is running. */
const CONTEXT = Symbol.for("dotevals.context");

/** How a model's calls are to be recorded. */
export interface ModelTitle {
  /** What results call it. */
  readonly name: string;
  /** What its calls are priced as. */
  readonly pricedAs?: PricedAs | undefined;
}

/**
 * What a running item has for the code that it calls. That may use another copy of this library,
 * so what is here stays as it is; what is added is optional.
 */
export interface RunningItem {
  /** The model, with its calls tried again, limited, stopped with the item and recorded on it. */
  model(client: Model, title: ModelTitle): Model;
  /** The evaluation and the row, in words. */
  readonly title?: string;
}

/** The item that is running; `undefined` outside of one. */
export function runningItem(): RunningItem | undefined {
  return context().getStore();
}

/** Calls a function for an item: what it calls, now and later, finds the item. */
export function runAsItem<Value>(item: RunningItem, fn: () => Value): Value {
  return context().run(item, fn);
}

function context(): AsyncLocalStorage<RunningItem> {
  const global = globalThis as unknown as { [CONTEXT]?: AsyncLocalStorage<RunningItem> };
  return global[CONTEXT] ??= new AsyncLocalStorage();
}
