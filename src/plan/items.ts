/**
 * Items: which of an evaluation's rows, variants and repeats are still to do.
 *
 * @module
 */
import { BAD_ROW, type BadRow, isBadRow } from "../evaluation/bad_row.ts";
import { parseColumns, pickColumns } from "../evaluation/columns.ts";
import { rowsOf } from "../evaluation/dataset.ts";
import type { Evaluation } from "../evaluation/evaluation.ts";
import type { Shard } from "../storage/storage.ts";
import type { ItemKey } from "../storage/stored_record.ts";
import { encode } from "../values/tagged.ts";
import { itemKey, type ItemTable, nextKey } from "./identity.ts";
import { isInShard } from "./shard.ts";

/** Rows that are recorded are passed over without a break up to so many at once: for some 10 ms. */
const PASSED_AT_ONCE = 5_000;

/** One row of one evaluation, under one variant and one repeat. */
export interface Item {
  readonly key: ItemKey;
  readonly position: number;
  readonly repeat: number;
  /** What is stored of the row, encoded. */
  readonly row: string;
  /** What the function gets of it: the named columns, or the row. */
  readonly input: unknown;
  /** Why the row cannot be given to the function: what was thrown when it was read. */
  readonly unfit: { readonly thrown: unknown } | undefined;
  /** Whether an earlier session recorded an error for it. */
  readonly failedBefore: boolean;
}

/** What is run at once: an item, or the items of a batch; all of one variant. */
export interface Work {
  readonly variant: number;
  readonly items: readonly [Item, ...Item[]];
}

/** What {@linkcode ItemSource} needs beside the evaluation. */
export interface ItemSourceOptions {
  readonly variants: number;
  /** Only the dataset's first so many rows. */
  readonly samples: number | undefined;
  /** Only the items in this part of them. */
  readonly shard?: Shard | undefined;
  /** What is recorded, and what was seen in this pass. */
  readonly table: ItemTable;
  /** Told when work of a variant is found, before it is pulled. */
  readonly onDue: (variant: number) => void;
  /** Lets other things run while many recorded rows are passed over. */
  readonly breathe: () => Promise<void>;
}

/** Pulls rows when there is a lane for them, and skips what is recorded. */
export class ItemSource {
  /** Rows that were pulled. */
  rows = 0;
  /** Those of them that are in the shard; all without one. */
  ownRows = 0;
  /** Whether the end of the dataset was reached, not that of `samples`. */
  complete = false;

  readonly #evaluation: Evaluation;
  readonly #options: ItemSourceOptions;
  readonly #repeats: number;
  readonly #batchSize: number;
  readonly #keyColumns: readonly string[] | undefined;
  #iterator: Iterator<unknown> | AsyncIterator<unknown> | undefined;
  readonly #queue: Work[] = [];
  readonly #groups = new Map<number, Item[]>();
  #ended = false;
  #closed = false;

  /** Reads nothing before the first pull. */
  constructor(evaluation: Evaluation, options: ItemSourceOptions) {
    this.#evaluation = evaluation;
    this.#options = options;
    this.#repeats = evaluation.options.repeats ?? 1;
    this.#batchSize = evaluation.kind === "batch" ? evaluation.options.batchSize ?? Infinity : 1;
    const { key } = evaluation.options;
    this.#keyColumns = key === undefined ? undefined : parseColumns(key);
  }

  /** The next piece of work; `undefined` at the end. */
  pull(): Work | undefined | Promise<Work | undefined> {
    for (let passed = 0; passed < PASSED_AT_ONCE; passed++) {
      const work = this.#ready();
      if (work || this.#ended) return work;
      const next = this.#next();
      if (isThenable(next)) return this.#pullLater(next);
      this.#advance(next);
    }
    return this.#options.breathe().then(() => this.pull());
  }

  /** One loop for rows that come later, however many of them are passed over. */
  async #pullLater(first: PromiseLike<unknown>): Promise<Work | undefined> {
    this.#advance(await first);
    for (let passed = 1;; passed++) {
      const work = this.#ready();
      if (work || this.#ended) return work;
      if (passed % PASSED_AT_ONCE === 0) await this.#options.breathe();
      this.#advance(await this.#next());
    }
  }

  /** Lets go of a dataset that was not read to its end. */
  close(): void {
    this.#ended = true;
    this.#closeEarly();
  }

  /** Work that needs no further row; at the end of the samples, the end. */
  #ready(): Work | undefined {
    const { samples } = this.#options;
    if (!this.#ended && samples !== undefined && this.rows >= samples) {
      this.#end();
      this.#closeEarly();
    }
    return this.#queue.length === 0 ? undefined : this.#queue.shift();
  }

  #next(): unknown {
    this.#iterator ??= rowsOf(this.#evaluation.dataset);
    return this.#iterator.next();
  }

  /** The dataset is the user's: what goes wrong in closing it takes nothing from the results. */
  #closeEarly(): void {
    if (this.complete || this.#closed) return;
    this.#closed = true;
    try {
      const ending: unknown = this.#iterator?.return?.();
      if (isThenable(ending)) ending.then(undefined, () => {});
    } catch {
      // As above.
    }
  }

  #advance(result: unknown): void {
    if (typeof result !== "object" || result === null) {
      throw new TypeError(
        `The dataset's iterator gave ${String(result)} in the place of a result.`,
      );
    }
    const { done, value } = result as IteratorResult<unknown>;
    if (done) {
      this.complete = true;
      this.#end();
    } else this.#plan(value);
  }

  #end(): void {
    this.#ended = true;
    for (const [group, items] of this.#groups) {
      this.#enqueue(Math.floor(group / this.#repeats), items);
    }
    this.#groups.clear();
  }

  #plan(row: unknown): void {
    const position = this.rows++;
    const read = this.#read(row, position);
    const first = read.key;
    const ordinal = this.#options.table.claimOrdinal(first);
    const key = ordinal === 0 ? first : nextKey(first, ordinal);
    const { shard } = this.#options;
    if (shard && !isInShard(key, shard)) return;
    this.ownRows++;
    let stored: StoredRow | undefined;
    for (let variant = 0; variant < this.#options.variants; variant++) {
      for (let repeat = 0; repeat < this.#repeats; repeat++) {
        const state = this.#options.table.see(key, variant, repeat);
        if (state === "recorded") continue;
        stored ??= storedRow(read);
        const { input } = read;
        const failedBefore = state === "failed";
        this.#add(variant, { key, position, repeat, input, failedBefore, ...stored });
      }
    }
  }

  #add(variant: number, item: Item): void {
    this.#options.onDue(variant);
    if (this.#batchSize === 1 || item.unfit) return this.#enqueue(variant, [item]);
    const group = variant * this.#repeats + item.repeat;
    const items = this.#groups.get(group) ?? [];
    items.push(item);
    if (items.length < this.#batchSize) this.#groups.set(group, items);
    else {
      this.#groups.delete(group);
      this.#enqueue(variant, items);
    }
  }

  #enqueue(variant: number, [first, ...rest]: readonly Item[]): void {
    if (first) this.#queue.push({ variant, items: [first, ...rest] });
  }

  /** What the function gets of a row, what is to be stored of it, and what identifies it. */
  #read(row: unknown, position: number): RowReading {
    try {
      if (isBadRow(row)) return unreadable(row);
      const { columns } = this.#evaluation;
      const input = columns ? pickColumns(columns, row, position) : row;
      const identity = this.#keyColumns ? this.#identity(row, input, position) : input;
      return { input, row, key: itemKey(identity), unfit: undefined };
    } catch (thrown) {
      return { input: undefined, row, key: lastingKey(row, position), unfit: { thrown } };
    }
  }

  /** The values of the key's columns; those that the evaluation names are found as it does. */
  #identity(row: unknown, input: unknown, position: number): unknown {
    const names = this.#keyColumns ?? [];
    const named = names.every((name) => this.#evaluation.columns?.includes(name));
    return pickColumns(names, named ? input : row, position);
  }
}

interface RowReading {
  readonly input: unknown;
  readonly row: unknown;
  readonly key: ItemKey;
  readonly unfit: Item["unfit"];
}

type StoredRow = Pick<Item, "row" | "unfit">;

/**
 * The stored form of a row: whole, so that columns that the function does not get can be looked
 * at too; else what the function gets. It is made before the function is called, and paid for.
 */
function storedRow({ row, input, unfit }: RowReading): StoredRow {
  const named = typeof row !== "object" || row === null || Array.isArray(row);
  const forms = named && input !== undefined ? [input, row] : [row, input];
  let failure: Item["unfit"];
  for (const form of forms) {
    try {
      return { row: encode(form, "row"), unfit };
    } catch (thrown) {
      failure ??= { thrown };
    }
  }
  return { row: encode("(a row that cannot be stored)"), unfit: unfit ?? failure };
}

function unreadable(row: BadRow): RowReading {
  const { error, text } = row[BAD_ROW];
  const key = itemKey({ unreadable: text });
  return { input: undefined, row: text, key, unfit: { thrown: error } };
}

/** The key of a row that cannot be run: of its content, or of its place where that has no form. */
function lastingKey(row: unknown, position: number): ItemKey {
  try {
    return itemKey(row);
  } catch {
    return itemKey({ unstorable: position });
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
