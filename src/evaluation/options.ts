/**
 * The options of an evaluation.
 *
 * @module
 */
import type { ModelSpec } from "../providers/model_spec.ts";
import { type BudgetOptions, checkBudget } from "./budget_options.ts";
import { parseColumns } from "./columns.ts";
import type { Fixtures, ParamSpace } from "./context.ts";
import { isFixture } from "./fixture.ts";

/** How calls of a model are tried again. */
export interface RetryOptions {
  /**
   * Calls in total, the first one included; 1 for no further one. Calls that the endpoint refused
   * because there were too many (429) come on top.
   *
   * @default {4}
   */
  readonly maxAttempts?: number;
  /**
   * How many of a call's attempts the endpoint may refuse because there were too many.
   *
   * @default {30}
   */
  readonly maxRefusals?: number;
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
  /**
   * Milliseconds for all attempts and the waits between them, after which no further one is made.
   * Waiting for a turn at the endpoint is not counted.
   *
   * @default {no limit}
   */
  readonly maxTime?: number;
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
   * Milliseconds that a call of a model may take, waiting for its turn not counted; it is then
   * aborted, and made again as `retry` says.
   *
   * Without it only the provider's own time limit counts.
   */
  readonly callTimeout?: number;
  /** What its calls may take, in one run. */
  readonly budget?: BudgetOptions;
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
  "callTimeout",
  "budget",
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
export function checkOptions(options: BatchOptions, kind: "foreach" | "batch"): void {
  for (const name of Object.keys(options)) {
    const isKnown = KNOWN.has(name) && !(name === "batchSize" && kind === "foreach");
    if (!isKnown) {
      const known = [...KNOWN].filter((other) => kind === "batch" || other !== "batchSize");
      throw new TypeError(`${kind}() has no option "${name}": there are ${known.join(", ")}.`);
    }
  }
  checkShapes(options);
  for (const name of ["concurrency", "repeats", "batchSize"] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) {
      throw new TypeError(`The option "${name}" is ${value}; it must be a whole number from 1.`);
    }
  }
  const { timeout, callTimeout, name, retry } = options;
  for (const [option, value] of Object.entries({ timeout, callTimeout })) {
    if (value !== undefined && !(value > 0)) {
      throw new TypeError(`The option "${option}" is ${value}; it must be milliseconds above 0.`);
    }
  }
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    throw new TypeError(`The option "name" is ${JSON.stringify(name)}; it must be a text.`);
  }
  if (options.key !== undefined) parseColumns(options.key);
  if (retry) checkRetry(retry);
  if (options.budget) checkBudget(options.budget);
}

const RETRY_OPTIONS = ["maxAttempts", "maxRefusals", "initialDelay", "maxDelay", "maxTime"];

/** Those that count something, and from where. */
const LEAST: Readonly<Record<string, number>> = { maxAttempts: 1, maxRefusals: 0 };

function checkRetry(retry: RetryOptions): void {
  for (const [name, value] of Object.entries(retry)) {
    if (!RETRY_OPTIONS.includes(name)) {
      throw new TypeError(
        `The option "retry" has no "${name}": there are ${RETRY_OPTIONS.join(", ")}.`,
      );
    }
    const least = LEAST[name];
    if (value === undefined) continue;
    if (least === undefined && !(value >= 0)) {
      throw new TypeError(
        `The option "retry.${name}" is ${value}; it must be milliseconds, 0 or more.`,
      );
    }
    if (least !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
      throw new TypeError(
        `The option "retry.${name}" is ${value}; it must be a whole number from ${least}.`,
      );
    }
  }
}

/** Code without types, and casts, can give anything. */
function checkShapes(options: BatchOptions): void {
  const { fixtures, params, retry, budget, tags, version, key } = options;
  const shapes: readonly (readonly [string, unknown, boolean, string])[] = [
    ["fixtures", fixtures, isObject(fixtures), "a record of fixtures"],
    ["params", params, isObject(params), "a record of lists, or a list of records"],
    ["retry", retry, isObject(retry), "a record of options"],
    ["budget", budget, isObject(budget), "a record of options"],
    ["tags", tags, Array.isArray(tags), "a list of words"],
    ["version", version, typeof version === "string", "a text"],
    ["key", key, typeof key === "string", "names of columns"],
  ];
  for (const [name, value, isRight, expected] of shapes) {
    if (value !== undefined && !isRight) {
      throw new TypeError(
        `The option "${name}" is of type ${typeof value}; it must be ${expected}.`,
      );
    }
  }
  for (const [name, value] of Object.entries(fixtures ?? {})) {
    if (!isFixture(value)) {
      throw new TypeError(`The fixture "${name}" is none: make it with fixture(() => …).`);
    }
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
