/**
 * What is the same in all copies of an experiment, as a checksum.
 *
 * @module
 */
import { hash } from "node:crypto";
import type { ExperimentHeader } from "./copy_header.ts";
import type { ItemPage } from "./copy_items.ts";
import { originOf } from "./copy_tokens.ts";
import { isExact } from "./exact_real.ts";
import type { SqlValue } from "./sql.ts";
import type { Row } from "./table_columns.ts";

/** Columns that hold a number which is another one in a copy. */
const LOCAL: ReadonlySet<string> = new Set([
  "id",
  "experiment_id",
  "session_id",
  "evaluation_id",
  "item_id",
]);

/** Names that all copies share, for numbers that they do not. */
export interface SharedNames {
  evaluation(id: number): SqlValue;
  /** By its place. */
  session(at: number): SqlValue;
}

/** Count and checksum of items, in whatever order they come. */
export class ItemDigest {
  readonly #names: SharedNames;
  readonly #sum = new Uint8Array(32);
  #count = 0;

  /** The digest of nothing. */
  constructor(names: SharedNames) {
    this.#names = names;
  }

  /** Items that were added. */
  get count(): number {
    return this.#count;
  }

  /** The checksum of these. */
  get sum(): string {
    return this.#sum.toHex();
  }

  /** Adds the items of a page. */
  add({ session, items }: ItemPage): void {
    const owner = this.#names.session(session);
    for (const { count, row, parts } of items) {
      const evaluation = this.#names.evaluation(Number(row.evaluation_id));
      const all = parts.map((rows) => rows.map(sharedValues));
      const text = JSON.stringify([owner, evaluation, count, sharedValues(row), all]);
      const digest = hash("sha256", text, "buffer");
      for (const [at, byte] of digest.entries()) this.#sum[at] = (this.#sum[at] ?? 0) ^ byte;
    }
    this.#count += items.length;
  }
}

/** The checksum of an experiment but for its items, and of these where they are given. */
export function headerChecksum(header: ExperimentHeader, items?: ItemDigest): string {
  const { experiment, sessions, evaluations } = header;
  const places = new Map(evaluations.map(({ id }, at) => [id, at]));
  const text = JSON.stringify([
    [experiment.created_at, experiment.updated_at],
    sessions.map((row) => sharedValues({ ...row, token: originOf(row) })),
    evaluations.map(sharedValues),
    [...header.metrics, ...header.passes].map((row) => [
      places.get(row.evaluation_id ?? null),
      sharedValues(row),
    ]),
    items === undefined ? [] : [items.count, items.sum],
  ]);
  return hash("sha256", text, "hex");
}

function sharedValues(row: Row): readonly SqlValue[] {
  const values: SqlValue[] = [];
  for (const [name, value] of Object.entries(row)) {
    if (LOCAL.has(name)) continue;
    values.push(typeof value === "number" && !isExact(value) ? value.toPrecision(14) : value);
  }
  return values;
}
