/**
 * The options of an evaluation.
 *
 * @module
 */
import type { ModelSpec } from "../providers/model_spec.ts";
import type { Fixtures, ParamSpace } from "./context.ts";

/** How calls of a model are tried again. */
export interface RetryOptions {
  /**
   * Calls in total, the first one included.
   *
   * @default {4}
   */
  readonly maxAttempts?: number;
  /**
   * The longest wait before the second call, in milliseconds; doubles with each further one.
   *
   * @default {1000}
   */
  readonly initialDelay?: number;
  /**
   * The longest wait before any call, in milliseconds.
   *
   * @default {30000}
   */
  readonly maxDelay?: number;
}

/** The options of an evaluation. */
export interface EvaluationOptions<
  Used extends Fixtures = Fixtures,
  Space extends ParamSpace = ParamSpace,
> {
  /** The name that results show; without it the name it is exported under. */
  readonly name?: string;
  /** The model or models that it runs with, each a variant; `--model` takes their place. */
  readonly model?: string | ModelSpec | readonly (string | ModelSpec)[];
  /** Resources of your own, by the name under which the function receives them. */
  readonly fixtures?: Used;
  /** At most so many items of this evaluation at once; without it only the session's limit. */
  readonly concurrency?: number;
  /** How model calls are tried again. */
  readonly retry?: RetryOptions;
  /**
   * Milliseconds that an item may take, waiting for its turn at the model not counted.
   *
   * Without it an item may take as long as it likes.
   */
  readonly timeout?: number;
  /**
   * How often each row runs; every repeat is recorded on its own.
   *
   * @default {1}
   */
  readonly repeats?: number;
  /**
   * Parameters: each combination of the values is a variant. A list of bindings gives
   * each of them as a variant instead.
   */
  readonly params?: Space;
  /** Columns that identify a row (`"id"`), for rows that hold times or other noise. */
  readonly key?: string;
  /** Change it when something changed that the code does not show, such as data it reads. */
  readonly version?: string;
  /** Kept with the evaluation's results. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Words to find the evaluation by. */
  readonly tags?: readonly string[];
}

/** The options of a batch evaluation. */
export interface BatchOptions<
  Used extends Fixtures = Fixtures,
  Space extends ParamSpace = ParamSpace,
> extends EvaluationOptions<Used, Space> {
  /** Rows per call; all that are left to do at once without it. */
  readonly batchSize?: number;
}

const KNOWN = new Set([
  "name",
  "model",
  "fixtures",
  "concurrency",
  "retry",
  "timeout",
  "repeats",
  "params",
  "key",
  "version",
  "metadata",
  "tags",
  "batchSize",
]);

/**
 * Checks what types cannot: whole positive numbers, names of options.
 *
 * @throws {TypeError} naming the option and its value
 */
export function checkOptions(options: BatchOptions): void {
  for (const name of Object.keys(options)) {
    if (!KNOWN.has(name)) {
      throw new TypeError(`There is no option "${name}": there are ${[...KNOWN].join(", ")}.`);
    }
  }
  for (const name of ["concurrency", "repeats", "batchSize"] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) {
      throw new TypeError(`The option "${name}" is ${value}; it must be a whole number from 1.`);
    }
  }
  const { timeout, name, retry } = options;
  if (timeout !== undefined && !(timeout > 0)) {
    throw new TypeError(`The option "timeout" is ${timeout}; it must be milliseconds above 0.`);
  }
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    throw new TypeError(`The option "name" is ${JSON.stringify(name)}; it must be a text.`);
  }
  if (retry?.maxAttempts !== undefined && !(retry.maxAttempts >= 1)) {
    throw new TypeError(
      `The option "retry.maxAttempts" is ${retry.maxAttempts}; it must be a whole number from 1.`,
    );
  }
}
