/**
 * What two lists of words have in common in the same order.
 *
 * @module
 */

/** The length of the longest common subsequence; memory in proportion to one list. */
export function commonSubsequenceLength(one: readonly string[], other: readonly string[]): number {
  let above = new Uint32Array(other.length + 1);
  for (const word of one) above = nextRow(above, word, other);
  return above[other.length] ?? 0;
}

/** The places in `one` of a longest common subsequence. */
export function commonSubsequence(
  one: readonly string[],
  other: readonly string[],
): readonly number[] {
  const rows = [new Uint32Array(other.length + 1)];
  for (const word of one) rows.push(nextRow(rows.at(-1) ?? new Uint32Array(), word, other));
  const places: number[] = [];
  let [i, j] = [one.length, other.length];
  while (i > 0 && j > 0) {
    if (one[i - 1] === other[j - 1]) {
      places.unshift(i - 1);
      i--;
      j--;
    } else if ((rows[i]?.[j - 1] ?? 0) > (rows[i - 1]?.[j] ?? 0)) j--;
    else i--;
  }
  return places;
}

/** Lengths for one more word of the first list, by those without it. */
function nextRow(
  above: Uint32Array<ArrayBuffer>,
  word: string,
  other: readonly string[],
): Uint32Array<ArrayBuffer> {
  const row = new Uint32Array(above.length);
  for (const [j, own] of other.entries()) {
    row[j + 1] = word === own ? (above[j] ?? 0) + 1 : Math.max(above[j + 1] ?? 0, row[j] ?? 0);
  }
  return row;
}
