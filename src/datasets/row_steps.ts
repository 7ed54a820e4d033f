/**
 * The steps of a pipeline of rows. A bad row passes through each as it is.
 *
 * @module
 */
import { hash } from "node:crypto";
import { messageOf } from "../errors.ts";
import { BAD_ROW, badRow, isBadRow } from "../evaluation/bad_row.ts";
import { seededRandom } from "../stats/seeded_random.ts";
import { canonical } from "../values/canonical.ts";

/** Makes rows out of rows, one iteration long. */
export type RowStep<Row, Made> = (rows: AsyncIterable<Row>) => AsyncGenerator<Made, void>;

/** Each row as `fn` makes it; a row for which it throws becomes a bad row with its error. */
export function mapped<Row, Made>(
  fn: (row: Row, position: number) => Made | Promise<Made>,
): RowStep<Row, Made> {
  return async function* (rows) {
    let position = 0;
    for await (const row of rows) {
      yield isBadRow(row) ? row as Made : await attempt(row, () => fn(row, position));
      position++;
    }
  };
}

/** The rows for which `fn` says yes; a row for which it throws becomes a bad row. */
export function filtered<Row>(
  fn: (row: Row) => boolean | Promise<boolean>,
): RowStep<Row, Row> {
  return async function* (rows) {
    for await (const row of rows) {
      const kept: unknown = isBadRow(row) || await attempt(row, () => fn(row));
      if (isBadRow(kept)) yield kept as Row;
      else if (kept) yield row;
    }
  };
}

/** The first rows; asks for none beyond them. */
export function taken<Row>(count: number): RowStep<Row, Row> {
  return async function* (rows) {
    if (count === 0) return;
    let given = 0;
    for await (const row of rows) {
      yield row;
      if (++given === count) return;
    }
  };
}

/** All rows in an order that the seed decides (Fisher and Yates). */
export function shuffled<Row>(seed: number): RowStep<Row, Row> {
  return async function* (rows) {
    const all = await Array.fromAsync(rows);
    const random = seededRandom(seed);
    while (all.length > 0) {
      const at = Math.floor(random() * all.length);
      const [drawn] = all.slice(at, at + 1);
      const last = all.pop();
      if (at < all.length) all[at] = last as Row;
      yield drawn as Row;
    }
  };
}

/** So many rows by chance, each as likely as the others, in the dataset's order (a reservoir). */
export function sampled<Row>(count: number, seed: number): RowStep<Row, Row> {
  return async function* (rows) {
    if (count === 0) return;
    const random = seededRandom(seed);
    const held: { readonly row: Row; readonly position: number }[] = [];
    let position = 0;
    for await (const row of rows) {
      const at = position < count ? position : Math.floor(random() * (position + 1));
      if (at < count) held[at] = { row, position };
      position++;
    }
    held.sort((one, other) => one.position - other.position);
    for (const { row } of held) yield row;
  };
}

/** The rows whose content falls between two numbers from 0 to 1. */
export function between<Row>(
  [low, high]: readonly [number, number],
  seed: number,
): RowStep<Row, Row> {
  return async function* (rows) {
    for await (const row of rows) {
      const place = placeOf(row, seed);
      if (low <= place && place < high) yield row;
    }
  };
}

/** A number from 0 to below 1 that depends on nothing but what the row holds, and the seed. */
function placeOf(row: unknown, seed: number): number {
  const digest = hash("sha256", `${seed}\n${textOf(row)}`, "hex");
  return Number.parseInt(digest.slice(0, 12), 16) / 2 ** 48;
}

async function attempt<Made>(row: unknown, make: () => Made | Promise<Made>): Promise<Made> {
  try {
    return await make();
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(messageOf(cause), { cause });
    return badRow(error, textOf(row)) as Made;
  }
}

/** What a row is known by, where nothing is left of it but that it cannot be used. */
function textOf(row: unknown): string {
  if (isBadRow(row)) return row[BAD_ROW].text;
  try {
    return canonical(row, "row");
  } catch (error) {
    return messageOf(error);
  }
}
