/**
 * Datasets with a name.
 *
 * @module
 */
import type { Dataset } from "../evaluation/dataset.ts";
import { DatasetError } from "./dataset_error.ts";
import { type Rows, rows } from "./rows.ts";

/** The brand of a named dataset. */
export const DATASET: unique symbol = Symbol.for("dotevals.dataset");

/** What there is to know of a dataset without reading it. */
export interface DatasetCard {
  /** What it is called: `gsm8k`. */
  readonly name: string;
  /** What it is, in a line. */
  readonly summary?: string;
  /** The columns of its rows. */
  readonly columns: readonly string[];
  /** Its splits, with the number of rows where it is known. */
  readonly splits: Readonly<Record<string, { readonly rows?: number }>>;
  /** Its licence: `MIT`. */
  readonly license?: string;
  /** Where it is published. */
  readonly source?: string;
}

/** What a named dataset is made of. */
export interface DatasetDefinition<Row, Split extends string, Options> extends DatasetCard {
  /** The columns of its rows: those are checked and kept, others left out. */
  readonly columns: readonly (keyof Row & string)[];
  /** Its splits, with the number of rows where it is known. */
  readonly splits: Readonly<Record<Split, { readonly rows?: number }>>;
  /** Gives the rows of a split. */
  readonly load: (split: Split, options: Options) => Dataset<Row>;
}

/** A named dataset: call it with a split. */
export interface NamedDataset<Row, Split extends string, Options> {
  /**
   * The rows of a split.
   *
   * @throws {DatasetError} `dataset-missing` where there is no such split
   */
  (split: Split, options?: Options): Rows<Row>;
  /** The brand, with the version of the protocol. */
  readonly [DATASET]: 1;
  /** What there is to know of it. */
  readonly card: DatasetCard;
}

/**
 * Makes a dataset with a name, splits and columns, which is called with a split.
 *
 * A row that lacks one of the columns becomes an item with an error.
 *
 * @example
 * ```ts
 * import { defineDataset, exactMatch, foreach } from "@dotevals/core";
 *
 * const sums = defineDataset({
 *   name: "sums",
 *   columns: ["question", "answer"],
 *   splits: { train: {}, test: { rows: 1 } },
 *   load: (split) => split === "test" ? [{ question: "2 + 2?", answer: "4" }] : [],
 * });
 *
 * export const added = foreach(sums("test"), async ({ question, answer }, { model }) => {
 *   const response = await model.generate(question);
 *   return exactMatch(response.text, answer);
 * });
 * ```
 */
export function defineDataset<Row extends object, Split extends string, Options = unknown>(
  definition: DatasetDefinition<Row, Split, Options>,
): NamedDataset<Row, Split, Options> {
  const { load, ...card } = definition;
  function dataset(split: Split, options?: Options): Rows<Row> {
    if (!Object.hasOwn(card.splits, split)) throw noSplit(card, split);
    const loaded: Rows<object> = rows(load(split, options ?? {} as Options));
    return loaded.select<string>(card.columns.join(",")) as Rows<unknown> as Rows<Row>;
  }
  return Object.assign(dataset, { [DATASET]: 1, card } as const);
}

function noSplit({ name, splits }: DatasetCard, split: string): DatasetError {
  return new DatasetError(`The dataset ${name} has no split "${split}".`, {
    code: "dataset-missing",
    path: name,
    hint: `Its splits are ${Object.keys(splits).join(", ")}.`,
  });
}
