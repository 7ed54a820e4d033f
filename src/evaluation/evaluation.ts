/**
 * What `foreach` and `batch` make, as the run loop sees it.
 *
 * @module
 */
import type { CallSite } from "./call_site.ts";
import type { Dataset } from "./dataset.ts";
import type { BatchOptions } from "./options.ts";

/** The brand of an evaluation; its value is the protocol's version. */
export const EVALUATION: unique symbol = Symbol.for("dotevals.evaluation");

/** The version of the protocol between evaluations and the command that this copy speaks. */
export const EVALUATION_PROTOCOL = 1;

/** A dataset, a function over its rows, and options; made by `foreach` or `batch`. */
export interface Evaluation {
  /** The protocol's version. */
  readonly [EVALUATION]: number;
  /** Whether the function takes a row, or several at a time. */
  readonly kind: "foreach" | "batch";
  /** The columns that the function receives; `undefined` for whole rows. */
  readonly columns: readonly string[] | undefined;
  /** The rows. */
  readonly dataset: Dataset<unknown>;
  /** The options as given, presets merged in. */
  readonly options: BatchOptions;
  /** The user's function: of a row (or columns of rows) and a context. */
  readonly fn: (rows: never, context: never) => unknown;
  /** Where it was made; `undefined` where no file is known. */
  readonly madeAt: CallSite | undefined;
}

/** Whether `value` is an evaluation, of this copy of the library or another. */
export function isEvaluation(value: unknown): value is Evaluation {
  return typeof value === "object" && value !== null && EVALUATION in value;
}
