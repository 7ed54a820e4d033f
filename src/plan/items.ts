/**
 * Items: which of an evaluation's rows, variants and repeats are still to do.
 *
 * @module
 */
import { BAD_ROW, type BadRow, isBadRow } from "../evaluation/bad_row.ts";
import { parseColumns, pickColumns } from "../evaluation/columns.ts";
import { rowsOf } from "../evaluation/dataset.ts";
import type { Evaluation } from "../evaluation/evaluation.ts";
import type { ItemKey } from "../storage/storage.ts";
import { itemKey, type ItemTable, nextKey } from "./identity.ts";
import { isInShard, type Shard } from "./shard.ts";

/** Rows that are recorded are passed over without a break up to so many at once. */
const PASSED_AT_ONCE = 2000;

/** One row of one evaluation, under one variant and one repeat. */
export interface Item {
  readonly key: ItemKey;
  readonly position: number;
  readonly repeat: number;
  /** The row as the dataset gave it. */
  readonly row: unknown;
  /** What the function gets of it: the named columns, or the row. */
  readonly input: unknown;
  /** Why the row cannot be given to the function. */
  readonly unfit: Error | undefined;
  /** Whether an earlier session recorded an error for it. */
  readonly failedBefore: boolean;
}

/** What is run at once: an item, or the items of a batch; all of one variant. */
export interface Work {
  readonly variant: number;
  readonly items: readonly Item[];
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

  #evaluation: Evaluation;
  #options: ItemSourceOptions;
  #repeats: number;
  #batchSize: number;
  #keyColumns: readonly string[] | undefined;
  #iterator: Iterator<unknown> | AsyncIterator<unknown> | undefined;
  #queue: Work[] = [];
  #groups = new Map<number, Item[]>();
  #ended = false;

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
    let passed = 0;
    for (;;) {
      const work = this.#queue.shift();
      if (work || this.#ended) return work;
      if (this.rows === this.#options.samples) {
        this.#end();
        this.#closeEarly();
        continue;
      }
      if (++passed > PASSED_AT_ONCE) return this.#options.breathe().then(() => this.pull());
      this.#iterator ??= rowsOf(this.#evaluation.dataset);
      const next = this.#iterator.next();
      if (next instanceof Promise) {
        return next.then((result) => {
          this.#advance(result);
          return this.pull();
        });
      }
      this.#advance(next as IteratorResult<unknown>);
    }
  }

  /** Lets go of a dataset that was not read to its end. */
  close(): void {
    this.#ended = true;
    this.#closeEarly();
  }

  #closeEarly(): void {
    const ending = this.complete ? undefined : this.#iterator?.return?.();
    // The dataset is the user's: what goes wrong in closing it takes nothing from the results.
    if (ending instanceof Promise) ending.catch(() => {});
  }

  #advance(result: IteratorResult<unknown>): void {
    if (result.done) {
      this.complete = true;
      this.#end();
    } else this.#plan(result.value);
  }

  #end(): void {
    this.#ended = true;
    for (const [group, items] of this.#groups) {
      this.#queue.push({ variant: Math.floor(group / this.#repeats), items });
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
    for (let variant = 0; variant < this.#options.variants; variant++) {
      for (let repeat = 0; repeat < this.#repeats; repeat++) {
        const state = this.#options.table.see(key, variant, repeat);
        if (state === "recorded") continue;
        const { input, unfit } = read;
        const failedBefore = state === "failed";
        this.#add(variant, {
          key,
          position,
          repeat,
          row: read.row,
          input,
          unfit,
          failedBefore,
        });
      }
    }
  }

  #add(variant: number, item: Item): void {
    this.#options.onDue(variant);
    if (this.#batchSize === 1 || item.unfit) {
      this.#queue.push({ variant, items: [item] });
      return;
    }
    const group = variant * this.#repeats + item.repeat;
    const items = this.#groups.get(group) ?? [];
    items.push(item);
    if (items.length < this.#batchSize) this.#groups.set(group, items);
    else {
      this.#groups.delete(group);
      this.#queue.push({ variant, items });
    }
  }

  /** What the function gets of a row, what is stored of it, and what identifies it. */
  #read(row: unknown, position: number): RowReading {
    if (isBadRow(row)) return unreadable(row);
    const { columns } = this.#evaluation;
    try {
      const input = columns ? pickColumns(columns, row, position) : row;
      const identity = this.#keyColumns ? pickColumns(this.#keyColumns, row, position) : input;
      const named = typeof row !== "object" || row === null || Array.isArray(row);
      return { input, row: named ? input : row, key: itemKey(identity), unfit: undefined };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { input: undefined, row, key: lastingKey(row, position), unfit: error };
    }
  }
}

interface RowReading {
  readonly input: unknown;
  readonly row: unknown;
  readonly key: ItemKey;
  readonly unfit: Error | undefined;
}

function unreadable(row: BadRow): RowReading {
  const { error, text } = row[BAD_ROW];
  return { input: undefined, row: text, key: itemKey({ unreadable: text }), unfit: error };
}

/** The key of a row that cannot be run: of its content, or of its place where that has no form. */
function lastingKey(row: unknown, position: number): ItemKey {
  try {
    return itemKey(row);
  } catch {
    return itemKey({ unstorable: position });
  }
}
