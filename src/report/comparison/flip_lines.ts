/**
 * Rows that two evaluations scored differently, as people read them.
 *
 * @module
 */
import type { StoredRecord } from "../../storage/stored_record.ts";
import { shortKey } from "../item_key.ts";
import { counted, countText } from "../numbers.ts";
import { plain } from "../plain_text.ts";
import { storedValue } from "../stored_value.ts";
import type { ComparedScore, Flip } from "./comparison.ts";
import { signedText } from "./figure_text.ts";

/** Characters of a text that are looked at; a line cuts it shorter. */
const TEXT = 300;

/** Rows that changed in one direction: a title, and the first few of them. */
export interface FlipGroup {
  readonly title: string;
  readonly flips: readonly ShownFlip[];
}

/** A row that changed, its texts plain and on one line each. */
export interface ShownFlip {
  /** Where it is, how much it changed, and its key. */
  readonly title: string;
  readonly row: string;
  readonly first: string;
  readonly second: string;
}

/** The changed rows of a score, those that became better first. */
export function flipGroups(score: ComparedScore): readonly FlipGroup[] {
  const { changes, up, down, isShare, hasRepeats, lowerIsBetter, rows } = score;
  const isTable = isShare && !hasRepeats;
  const groups = [
    { all: changes.gained, flips: up, words: isTable ? "false in A, true in B" : "higher in B" },
    { all: changes.lost, flips: down, words: isTable ? "true in A, false in B" : "lower in B" },
  ];
  return (lowerIsBetter ? groups.toReversed() : groups)
    .filter(({ flips }) => flips.length > 0)
    .map(({ all, flips, words }) => ({
      title: `${counted(all, "row")} ${words}${
        flips.length < all ? `, ${countText(flips.length)} of them` : ""
      }`,
      flips: flips.map((flip) => shownFlip(flip, { isTable, rows })),
    }));
}

function shownFlip(
  { key, difference, first, second }: Flip,
  { isTable, rows }: { readonly isTable: boolean; readonly rows: number },
): ShownFlip {
  const [record] = first;
  const change = isTable ? "" : `, ${signedText(difference)}`;
  return {
    title: `row ${record?.position ?? "?"}${change}, key ${shortKey(key, rows)}`,
    row: oneLine(record?.row),
    first: outputText(first),
    second: outputText(second),
  };
}

/** What a row's repeats gave. */
function outputText(records: readonly StoredRecord[]): string {
  return records.map(({ response, error, scores }) =>
    error
      ? plain(`${error.name}: ${error.message}`.slice(0, TEXT))
      : response !== undefined
      ? oneLine(response)
      : scores.map(({ name, value }) => plain(`${name} ${JSON.stringify(value)}`)).join(", ")
  ).join(" | ");
}

/** A stored value on one line. */
function oneLine(stored: string | undefined): string {
  return stored === undefined ? "" : plain(storedValue(stored).slice(0, TEXT));
}
