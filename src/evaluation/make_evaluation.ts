/**
 * What `foreach` and `batch` share: reading their arguments.
 *
 * @module
 */
import { callSite } from "./call_site.ts";
import { parseColumns } from "./columns.ts";
import type { Dataset } from "./dataset.ts";
import { EVALUATION, type Evaluation, EVALUATION_PROTOCOL } from "./evaluation.ts";
import { type BatchOptions, checkOptions } from "./options.ts";

/** A row of a known type. The empty tuple in it makes the compiler infer inline rows as tuples. */
export type AnyRow =
  | []
  | readonly unknown[]
  | object
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined;

/** A dataset whose rows have no known type; nothing else matches. */
export type UnknownRows<Row> =
  & Dataset<Row>
  & (unknown extends Row ? unknown : { readonly "rows of unknown type": true });

/** Makes an evaluation from the arguments of `foreach` or `batch`. */
export function makeEvaluation(
  kind: "foreach" | "batch",
  args: readonly unknown[],
  preset: BatchOptions,
): Evaluation {
  const rest = [...args];
  const columns = typeof rest[0] === "string" ? parseColumns(rest.shift() as string) : undefined;
  const dataset = rest.shift();
  const fn = rest.pop();
  const own = rest.length > 0 ? rest.pop() : {};
  if (!isDataset(dataset)) {
    throw new TypeError(
      `${kind}() got ${nameType(dataset)} as its dataset: give an array, an iterable, or a ` +
        "function that returns one.",
    );
  }
  if (typeof fn !== "function" || rest.length > 0 || typeof own !== "object" || own === null) {
    throw new TypeError(
      `${kind}() takes (columns, dataset, options, function); columns and options may be left ` +
        `out, and the last argument must be a function, not ${nameType(fn)}.`,
    );
  }
  const options = joinOptions(preset, own);
  checkOptions(options, kind);
  return {
    [EVALUATION]: EVALUATION_PROTOCOL,
    kind,
    columns,
    dataset,
    options,
    fn: fn as Evaluation["fn"],
    madeAt: callSite(new Error().stack),
  };
}

/** A call's options over a preset's; fixtures, metadata and tags are joined. */
export function joinOptions(preset: BatchOptions, own: BatchOptions): BatchOptions {
  const joined: { -readonly [Name in keyof BatchOptions]: BatchOptions[Name] } = {
    ...preset,
    ...own,
  };
  if (preset.fixtures && own.fixtures) joined.fixtures = { ...preset.fixtures, ...own.fixtures };
  if (preset.metadata && own.metadata) joined.metadata = { ...preset.metadata, ...own.metadata };
  if (preset.tags && own.tags) joined.tags = [...preset.tags, ...own.tags];
  return joined;
}

function isDataset(value: unknown): value is Dataset<unknown> {
  return typeof value === "function" ||
    (typeof value === "object" && value !== null &&
      (Symbol.iterator in value || Symbol.asyncIterator in value));
}

function nameType(value: unknown): string {
  return value === null ? "null" : value === undefined ? "nothing" : `a ${typeof value}`;
}
