/**
 * What can go wrong with a dataset.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";

/** The kinds of dataset error. */
export type DatasetErrorCode =
  | "dataset-missing"
  | "dataset-unreadable"
  | "dataset-http"
  | "dataset-changed"
  | "dataset-header"
  | "dataset-line";

/** What a {@linkcode DatasetError} carries beside its message. */
export interface DatasetErrorOptions {
  /** What went wrong. */
  readonly code: DatasetErrorCode;
  /** The path or URL of the dataset, as it was given. */
  readonly path: string;
  /** The line on which the row starts, from 1. */
  readonly line?: number | undefined;
  /** What to do about it, one sentence. */
  readonly hint?: string | undefined;
  /** The error behind this one. */
  readonly cause?: unknown;
}

/** A dataset, or one line of it, that cannot be read. */
export class DatasetError extends DotevalsError {
  /** The path or URL of the dataset, as it was given. */
  readonly path: string;
  /** The line on which the row starts, from 1; `undefined` where no line is at fault. */
  readonly line: number | undefined;

  /** Makes an error from a message that names the path, and the line where there is one. */
  constructor(message: string, options: DatasetErrorOptions) {
    super(message, { code: options.code, hint: options.hint, cause: options.cause });
    this.name = "DatasetError";
    this.path = options.path;
    this.line = options.line;
  }
}

/** The error of one line, which leaves the other rows as they are. */
export function lineError(
  path: string,
  line: number,
  problem: string,
  cause?: unknown,
): DatasetError {
  return new DatasetError(`${path}, line ${line}: ${problem}.`, {
    code: "dataset-line",
    path,
    line,
    hint: "Repair the line and run again; the other rows are not affected.",
    cause,
  });
}
